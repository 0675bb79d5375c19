"""What giving commits their sign-offs comes to: seen beforehand, and as it was done."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.model.commit import Violation
from devtool.model.dco import Range


@dataclass(frozen=True)
class Signing:
    """One commit whose message gets a line."""

    commit: str
    """Full id."""
    new: str
    """Full id of the rebuilt one."""
    subject: str
    line: str
    """The line, as text."""


@dataclass(frozen=True)
class Asking:
    """What somebody has to do."""

    commits: tuple[str, ...]
    """Full ids as they are afterwards, oldest first."""
    text: str
    lines: tuple[str, ...]
    """Commands to run, or a message to send, as the text says."""


@dataclass(frozen=True)
class Obstacle:
    """What speaks against rewriting, in one line."""

    said: str
    hint: str
    forceable: bool = False
    """Whether the person may do it all the same."""


@dataclass(frozen=True)
class Rewriting:
    """The branch before and after."""

    branch: str
    """As people type it."""
    range: Range
    before: str
    """Full id of the branch's newest commit."""
    after: str
    """The same afterwards, a remediation commit that is not made yet left out."""
    signed: tuple[Signing, ...] = ()
    """Oldest first."""
    carried: tuple[tuple[str, str], ...] = ()
    """Old and new id of those that change for nothing but their parents, oldest first."""
    signatures_lost: tuple[str, ...] = ()
    """Old ids of rebuilt commits that carry a cryptographic signature."""
    left: tuple[Violation, ...] = ()
    """What still breaks the rule afterwards, by its id then."""
    requests: tuple[Asking, ...] = ()
    """What others have to do."""
    remediation: str | None = None
    """The message of the commit that signs off for others, where the project allows that."""
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()
    backup: str | None = None
    """The ref that keeps the commits from before, once it is done."""
    done: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.signed or self.remediation)

    @property
    def exit_status(self) -> int:
        """0 where nothing is left to others, else 1."""
        return EXIT_NOT_READY if self.left else EXIT_READY
