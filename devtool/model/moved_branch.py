"""Letting a branch name other commits, as an action and as the journal keeps it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

HEADS = "refs/heads/"
KEPT = "refs/devtool/backup/"
"""Below this the commits from before are kept."""


@dataclass(frozen=True)
class MoveBranch:
    """Let a branch name another commit with the same files, the one from before being kept."""

    repository: str
    ref: str
    """The branch's full name."""
    before: str
    """Full id; where the branch names another commit it is not done."""
    after: str
    """Full id of a commit that is there."""
    reason: str
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def kept(self) -> str:
        """The ref that keeps the commit from before."""
        # A leaf of its own, whatever slashes branches have: a ref cannot be a folder of others as well.
        return f"{KEPT}{self.ref.removeprefix(HEADS)}@{self.before[:10]}"

    @property
    def command(self) -> str:
        """The shell lines as a person would type them."""
        git = ["git", "-C", self.repository, "update-ref"]
        move = [*git, "-m", self.reason, self.ref, self.after, self.before]
        return f"{shlex.join([*git, self.kept, self.before])} &&\n{shlex.join(move)}"

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return self.command


@dataclass(frozen=True)
class BranchMoved:
    """A branch that names another commit now."""

    repository: str
    ref: str
    before: str
    after: str
    kept: str
    """The ref that keeps the commit from before."""
