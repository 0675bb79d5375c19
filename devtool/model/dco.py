"""What a check of sign-offs is asked for, and finds."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.model.commit import Standard, Violation


@dataclass(frozen=True)
class Range:
    """The commits that are looked at: those that `head` reaches and `base` does not."""

    shown: str
    """As it would be typed."""
    head: str
    """Full id."""
    base: str | None = None
    """Full id; None for the whole history."""
    why: str = ""
    """Who says that it is this one; empty where the person did."""
    merged_by_github: bool = False
    """Whether commits that GitHub made when it merged may be among them."""
    rules: str | None = None
    """Full id of the commit whose `.github/dco.yml` holds, where that is not the base."""


@dataclass(frozen=True)
class Permissions:
    """What a project's `.github/dco.yml` allows, by the app's defaults where it says nothing."""

    members_sign: bool = True
    individual: bool = False
    """Whether an author may sign off an earlier commit by a later one."""
    third_party: bool = False
    """Whether somebody else may, on the author's behalf; counts only beside `individual`."""


@dataclass(frozen=True)
class Repair:
    """What mends some of the commits."""

    commits: tuple[str, ...]
    """Full ids, oldest first."""
    text: str
    """Who does it, and what it means."""
    commands: tuple[str, ...] = ()
    """Shell lines to run as they are, in order."""


@dataclass(frozen=True)
class SignOffReport:
    """Everything that a check of a range found."""

    range: Range
    standard: Standard
    history: bool
    """Whether a sign-off had only to be there, whoever's."""
    checked: int
    skipped: int
    """Merges and commits of bots."""
    violations: tuple[Violation, ...]
    """Oldest first."""
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no commit breaks the rule."""
        return not self.violations

    @property
    def exit_status(self) -> int:
        """0 clean, 1 violations."""
        return EXIT_READY if self.ok else EXIT_NOT_READY
