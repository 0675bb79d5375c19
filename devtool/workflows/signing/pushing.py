"""The sign-offs of what a push would publish: commits that no remote-tracking branch has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.adapters.history import ask_git, find_commit, read_commits, read_ids
from devtool.adapters.repository import find_repository
from devtool.errors import InputError
from devtool.model.dco import Range, SignOffReport
from devtool.workflows.signing.advising import repairs
from devtool.workflows.signing.checking import Request, check, count, settle
from devtool.workflows.signing.permissions import read_permissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devtool.model.commit import Standard
    from devtool.system import System

_SHOWN_DIGITS = 10


@dataclass(frozen=True)
class Pushed:
    """One branch of a push."""

    head: str
    """An id or a name."""
    known: str | None = None
    """What the other side has, as far as that is known."""


def find_pushed(system: System) -> list[Pushed] | None:
    """What pre-commit says that is pushed; None where it says nothing."""
    env = system.env
    head = env.get("PRE_COMMIT_TO_REF") or env.get("PRE_COMMIT_LOCAL_BRANCH")
    return [Pushed(head, env.get("PRE_COMMIT_FROM_REF"))] if head else None


def read_pushed(system: System) -> list[Pushed]:
    """What git tells a pre-push hook through standard input; removed branches left out."""
    lines = b"".join(system.console.incoming()).decode("utf-8", "replace").splitlines()
    parts = [line.split(" ") for line in lines]
    return [
        Pushed(words[1], None if _is_null(words[3]) else words[3])
        for words in parts
        if len(words) == 4 and not _is_null(words[1])
    ]


def check_pushed(system: System, pushed: list[Pushed] | None, standard: Standard) -> Iterator[SignOffReport]:
    """One report for each, and that of the whole branch where nothing is pushed. Raises InputError."""
    if pushed is None:
        yield check(system, Request(standard=standard))
        return
    repository = find_repository(system, system.cwd)
    if repository is None:
        raise InputError(f"`{system.cwd}` is in no git repository")
    for each in dict.fromkeys(pushed):
        report = _check(system, repository, each, standard)
        if report is not None:
            yield report


def _check(system: System, repository: str, pushed: Pushed, standard: Standard) -> SignOffReport | None:
    head = find_commit(system, repository, pushed.head)
    if head is None:  # a tag of something else
        return None
    known = find_commit(system, repository, pushed.known) if pushed.known else None
    # Of any remote: what was fetched from one and goes to another was signed, or not, over there.
    besides = [f"^{known}"] if known else []
    new = list(
        read_ids(system, repository, "--topo-order", "--reverse", head, *besides, "--not", "--remotes")
    )
    if not new:
        return None
    base = find_commit(system, repository, f"{new[0]}^1")
    shown = f"{base[:_SHOWN_DIGITS]}..{head[:_SHOWN_DIGITS]}" if base else head[:_SHOWN_DIGITS]
    wanted = Range(shown, head, base, "what this push brings")
    request = Request(standard=standard)
    default = _default(system, repository) or base
    allowed = read_permissions(system, repository, replace(wanted, base=default), None)
    published = frozenset(new)
    commits = read_commits(system, repository, wanted, trailers=standard != "github")
    tally = count((each for each in commits if each.id in published), request, allowed)
    violations = settle(tally)
    return SignOffReport(
        range=wanted,
        standard=standard,
        history=False,
        checked=tally.checked,
        skipped=tally.skipped,
        violations=violations,
        repairs=repairs(system, repository, standard, wanted, violations, allowed) if violations else (),
    )


def _default(system: System, repository: str) -> str | None:
    for remote in ("upstream", "origin"):
        answer = ask_git(system, repository, "rev-parse", "-q", "--verify", f"refs/remotes/{remote}/HEAD")
        if answer.ok:
            return answer.stdout.strip()
    return None


def _is_null(name: str) -> bool:
    return not name.strip("0")
