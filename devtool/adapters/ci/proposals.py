"""What a CI service says of the pull request that it runs for: title, text, labels and base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from devtool.system import System

_LIMIT_BYTES = 64 * 1024**2


@dataclass(frozen=True)
class Said:
    """A pull request as a service describes it; None where it does not say."""

    service: str
    target: str | None = None
    """The branch that it is to be merged into."""
    base_id: str = ""
    head_id: str = ""
    title: str | None = None
    body: str | None = None
    labels: tuple[str, ...] = ()


def said_by_service(system: System) -> Said | None:
    """What the service says that runs us; None outside of one, and where it runs for no pull request."""
    env = system.env
    if env.get("GITHUB_ACTIONS"):
        return _github(system)
    if env.get("GITLAB_CI") and env.get("CI_MERGE_REQUEST_IID"):
        return Said(
            "GitLab, merge request",
            env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
            title=env.get("CI_MERGE_REQUEST_TITLE"),
            body=_whole_description(env),
            labels=tuple(filter(None, env.get("CI_MERGE_REQUEST_LABELS", "").split(","))),
        )
    if env.get("PROW_JOB_ID") and env.get("PULL_NUMBER"):
        return Said("Prow", env.get("PULL_BASE_REF"), title=env.get("PULL_TITLE"))
    if env.get("JENKINS_URL") and env.get("CHANGE_TARGET"):
        return Said("Jenkins, change request", env["CHANGE_TARGET"], title=env.get("CHANGE_TITLE"))
    if env.get("TF_BUILD") and env.get("SYSTEM_PULLREQUEST_TARGETBRANCH"):
        branch = env["SYSTEM_PULLREQUEST_TARGETBRANCH"].removeprefix("refs/heads/")
        return Said("Azure Pipelines, pull request", branch)
    if env.get("BUILDKITE") and env.get("BUILDKITE_PULL_REQUEST", "false") != "false":
        return Said("Buildkite, pull request", env.get("BUILDKITE_PULL_REQUEST_BASE_BRANCH"))
    return None


def _whole_description(env: Mapping[str, str]) -> str | None:
    # GitLab cuts it at 2700 characters and says so; a half of it would be judged wrongly.
    cut = env.get("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED") == "true"
    return None if cut else env.get("CI_MERGE_REQUEST_DESCRIPTION")


def _github(system: System) -> Said | None:
    path = system.env.get("GITHUB_EVENT_PATH", "")
    text = system.files.read_text(path, _LIMIT_BYTES) if path.startswith("/") else None
    try:
        event = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    pull = event.get("pull_request") if isinstance(event, dict) else None
    if not isinstance(pull, dict):
        return None
    listed = pull.get("labels")
    named = (
        [each.get("name") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    )
    return Said(
        "GitHub Actions, pull request",
        _text(pull, "base", "ref"),
        _text(pull, "base", "sha") or "",
        _text(pull, "head", "sha") or "",
        _text(pull, "title"),
        # GitHub has null for a body that is empty.
        _text(pull, "body") or "",
        tuple(each for each in named if isinstance(each, str)),
    )


def _text(data: dict[str, Any], *keys: str) -> str | None:
    value: Any = data
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
