"""Branches: which one is checked out, who else has its commits, and moving one at once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from devtool.adapters.history import ask_git
from devtool.errors import DevtoolError, InputError

if TYPE_CHECKING:
    from devtool.system import System

_HEADS = "refs/heads/"
_REMOTE_HEAD = re.compile(r"refs/remotes/.*/HEAD")
_UNDER_WAY = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase or `git am`",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "sequencer": "a cherry-pick or a revert",
    "BISECT_LOG": "a bisection",
}
_PROTECTED = re.compile(
    r"main|master|trunk|develop|devel|\d+(?:\.(?:\d+|x))+|v\d[\w.]*|release(?:[/-].*|s/.*)?"
)


class Branch(NamedTuple):
    """The branch that is checked out."""

    repository: str
    ref: str
    """Its full name."""
    head: str
    """The full id of its newest commit."""

    @property
    def name(self) -> str:
        """As people type it."""
        return self.ref.removeprefix(_HEADS)


def find_branch(system: System, repository: str) -> Branch:
    """The branch that is checked out. Raises InputError where there is none."""
    ref = ask_git(system, repository, "symbolic-ref", "-q", "HEAD").stdout.strip()
    if not ref.startswith(_HEADS):
        raise InputError(
            "HEAD is detached: there is no branch to give the new commits to",
            "make one: `git switch -c NAME`",
        )
    head = tip(system, repository, ref)
    if head is None:
        raise InputError(f"the branch `{ref.removeprefix(_HEADS)}` has no commit yet")
    return Branch(repository, ref, head)


def tip(system: System, repository: str, ref: str) -> str | None:
    """The full id of the commit that a ref names, None where there is none."""
    answer = ask_git(
        system, repository, "rev-parse", "-q", "--verify", "--end-of-options", f"{ref}^{{commit}}"
    )
    return answer.stdout.strip() if answer.ok else None


def find_under_way(system: System, repository: str) -> str | None:
    """What git is in the middle of in this work tree, such as `a rebase`; None for nothing."""
    folder = ask_git(system, repository, "rev-parse", "--absolute-git-dir").stdout.rstrip("\n")
    marks = (mark for mark in _UNDER_WAY if system.files.kind(posixpath.join(folder, mark)) is not None)
    return next((_UNDER_WAY[mark] for mark in marks), None)


def other_work_tree(system: System, branch: Branch) -> str | None:
    """Another work tree in which the branch is checked out too."""
    told = ask_git(system, branch.repository, "worktree", "list", "--porcelain").stdout
    # A submodule is listed by the folder of its commits.
    asked = ask_git(system, branch.repository, "rev-parse", "--absolute-git-dir", "--show-toplevel")
    here = asked.stdout.splitlines()
    for block in told.split("\n\n"):
        lines = block.splitlines()
        path = lines[0].removeprefix("worktree ") if lines else ""
        if f"branch {branch.ref}" in lines and path not in here:
            return path
    return None


def is_protected(system: System, branch: Branch) -> bool:
    """Whether its name is one that people share: a remote's default branch, or one called as those are."""
    defaults = ask_git(
        system, branch.repository, "for-each-ref", "--format=%(symref:lstrip=3)", "refs/remotes/*/HEAD"
    )
    return branch.name in defaults.stdout.split() or _PROTECTED.fullmatch(branch.name) is not None


def holders(
    system: System, repository: str, commits: Iterable[str], *patterns: str, besides: str = ""
) -> list[str]:
    """Refs below the patterns, `besides` left out, that reach any of the commits, as people type them."""
    options = [word for each in commits for word in ("--contains", each)]
    told = ask_git(system, repository, "for-each-ref", "--format=%(refname)", *options, *patterns).stdout
    refs = (ref for ref in told.splitlines() if ref != besides and not _REMOTE_HEAD.fullmatch(ref))
    return [ref.split("/", 2)[2] for ref in refs]


def move_branch(system: System, repository: str, ref: str, before: str, after: str, why: str) -> None:
    """Let the branch name another commit, at once and only where it still names `before`.

    Raises DevtoolError.
    """
    _update(system, repository, "-m", why, ref, after, before)


def keep_commit(system: System, repository: str, ref: str, commit: str) -> None:
    """Have a ref name the commit, so that git never drops it. Raises DevtoolError."""
    _update(system, repository, ref, commit)


def drop_ref(system: System, repository: str, ref: str, commit: str) -> None:
    """Remove the ref where it still names the commit. Raises DevtoolError."""
    _update(system, repository, "-d", ref, commit)


def _update(system: System, repository: str, *arguments: str) -> None:
    answer = ask_git(system, repository, "update-ref", *arguments)
    if not answer.ok:
        said = answer.stderr.strip().splitlines() or [f"`git update-ref` {answer.describe()}"]
        raise DevtoolError(f"git did not move the branch: {said[0].removeprefix('fatal: ')}", "try again")
