"""GitHub Actions: the file with the event that started the run.

https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from devtool.adapters.ci.ends import Ends, branch, is_id, refuse
from devtool.errors import InputError

if TYPE_CHECKING:
    from devtool.system import System

_LIMIT_BYTES = 64 * 1024**2


def github(system: System) -> Ends:
    """By what kind of event it was: a pull request, a merge group or a push."""
    event = _event(system)
    name = system.env.get("GITHUB_EVENT_NAME", "")
    for key, read in (("pull_request", _pull_request), ("merge_group", _merge_group)):
        if isinstance(event.get(key), dict):
            return read(event[key], f"GitHub Actions, {key.replace('_', ' ')}")
    return _push(event) if name == "push" else refuse("GitHub Actions", f"the event `{name}` names none")


def _pull_request(pull: dict[str, Any], service: str) -> Ends:
    base, head = _id(pull, "base", "sha"), _id(pull, "head", "sha")
    if not (base and head):
        refuse(service, "its event names no base and head")
    number = pull.get("number")
    # The head of a fork is in the repository under this name alone.
    fetched = f"refs/pull/{number}/head" if isinstance(number, int) else ""
    return Ends(service, base, head, fetched)


def _merge_group(group: dict[str, Any], service: str) -> Ends:
    base, head = _id(group, "base_sha"), _id(group, "head_sha")
    if not (base and head):
        refuse(service, "its event names no base and head")
    return Ends(service, base, head, merged_by_github=True)


def _push(event: dict[str, Any]) -> Ends:
    service = "GitHub Actions, push"
    before, after, ref = _id(event, "before"), _id(event, "after"), str(event.get("ref", ""))
    if not after:
        refuse(service, f"it deleted `{ref}`" if event.get("deleted") else "its event names no commit")
    repository = event.get("repository")
    default = repository.get("default_branch") if isinstance(repository, dict) else None
    others = branch(str(default)) if default and ref != f"refs/heads/{default}" else ""
    if before:
        # Onto the default branch GitHub's own squashes are pushed.
        merged = bool(default) and not others
        forced = others if event.get("forced") else ""
        return Ends(service, before, after, instead=forced, merged_by_github=merged, rules=others)
    if not others:
        refuse(service, f"`{ref}` is new, and there is no other branch to compare with")
    return Ends(f"{service} of a new branch", others, after)


def _event(system: System) -> dict[str, Any]:
    path = system.env.get("GITHUB_EVENT_PATH", "")
    text = system.files.read_text(path, _LIMIT_BYTES) if path.startswith("/") else None
    if text is None:
        raise InputError(
            "GitHub Actions says nothing of its event: `GITHUB_EVENT_PATH` names no file",
            "in a container, `/github/workflow` has to be mounted; or name the commits with `--range A..B`",
        )
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"`{path}` (GITHUB_EVENT_PATH) holds no event: {error}") from error
    if not isinstance(event, dict):
        raise InputError(f"`{path}` (GITHUB_EVENT_PATH) holds no event")
    return event


def _id(data: dict[str, Any], *keys: str) -> str:
    value: Any = data
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) and is_id(value) else ""
