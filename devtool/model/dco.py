"""What a check of sign-offs is asked for, reads and finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.model.sign_off import Identity

Standard = Literal["github", "trailer", "strict"]
"""Which rule holds: the DCO app's, the same for the trailer block alone, or there the author's own alone."""
STANDARDS: tuple[Standard, ...] = ("github", "trailer", "strict")
RuleId = Literal[
    "sign-off-missing",
    "sign-off-malformed",
    "sign-off-outside-trailers",
    "sign-off-mismatch",
    "author-mail-invalid",
]
RULES: tuple[RuleId, ...] = (
    "sign-off-missing",
    "sign-off-malformed",
    "sign-off-outside-trailers",
    "sign-off-mismatch",
    "author-mail-invalid",
)
"""Permanent ids of what a commit can break, in the order in which they are explained."""


class Commit(NamedTuple):
    """One commit, as far as its sign-off goes."""

    id: str
    parents: int
    """How many it has."""
    author: Identity
    committer: Identity
    message: bytes
    """In UTF-8 where its encoding is declared, else as it is."""
    trailers: bytes = b""
    """Its sign-offs in the trailer block that git sees; read only where the rule asks for it."""

    @property
    def subject(self) -> bytes:
        """The first line that says something."""
        return self.message.lstrip().partition(b"\n")[0].rstrip()


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
    merge_queue: bool = False
    """Whether commits that GitHub's merge queue made may be among them."""


@dataclass(frozen=True)
class Permissions:
    """What a project's `.github/dco.yml` allows, by the app's defaults where it says nothing."""

    members_sign: bool = True
    individual: bool = False
    """Whether an author may sign off an earlier commit by a later one."""
    third_party: bool = False
    """Whether somebody else may, on the author's behalf; counts only beside `individual`."""


class Violation(NamedTuple):
    """One commit that breaks the rule."""

    commit: str
    """Full id."""
    rule: RuleId
    summary: str
    subject: str
    author: Identity
    expected: tuple[str, ...]
    """Lines or addresses of which one would do."""
    found: tuple[str, ...]
    """What it has instead."""
    differences: tuple[str, ...] = ()
    """Where the two differ though the eye sees no difference."""


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
