"""What came of a person's own command that ran under our eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Followed:
    """How the command ended, and what was kept of it."""

    outcome: Literal["ended", "absent", "refused"]
    """`absent`: no such program; `refused`: it is there but cannot be started."""
    status: int
    """As a shell gives it: 128 and the signal's number for a command that a signal ended."""
    reason: str = ""
    """Why it was refused."""
    log_path: str | None = None
    log_trouble: str = ""
    """Why the log is not where it should be, or ends early; empty where all is well."""
    announced: int = 0
    """How many lines were announced while it ran."""
    cut_short: bool = False
    """Whether it was ended by us because of an announcement."""
    open_line: bool = False
    """Whether the last line that stands where we speak has no end yet."""
    reader_gone: bool = False
    """Whether somebody who read our output closed it, as `head` does."""
    unwritten: str = ""
    """Why our output takes nothing more, such as that a disk is full."""

    @property
    def signal_number(self) -> int | None:
        """The signal that ended the command, or a child of it that the command speaks for."""
        return self.status - 128 if 128 < self.status < 128 + 65 else None
