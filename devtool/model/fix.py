"""What a repair did, as the journal keeps it: enough to take it back, and no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtool.model.moved_branch import BranchMoved


@dataclass(frozen=True)
class FileChange:
    """One file, before and after. A digest is SHA-256 in hexadecimal, None where there is no file."""

    path: str
    """Absolute, every link followed."""
    before: str | None
    after: str | None
    backup: str | None = None
    """Where the bytes from before are kept; None where there was no file."""
    folders: tuple[str, ...] = ()
    """Folders made on the way to the file, outermost first."""
    mode: int | None = None
    """The permissions that it gets on the way back; None where it is there to keep its own."""


@dataclass(frozen=True)
class FolderMade:
    """A folder that was not there before, with everything in it."""

    path: str
    folders: tuple[str, ...] = ()
    """Folders made on the way to it, outermost first."""


@dataclass(frozen=True)
class FileMoved:
    """A file, or a link as such, that got another name."""

    path: str
    to: str


@dataclass(frozen=True)
class CommandRun:
    """A program that ran, and the one that takes it back."""

    line: str
    undo_argv: tuple[str, ...] | None = None
    needs_root: bool = False


Change = FileChange | FolderMade | FileMoved | CommandRun | BranchMoved


@dataclass(frozen=True)
class Entry:
    """One action of a fix."""

    preview: str
    reason: str
    asked_by: tuple[str, ...]
    changes: tuple[Change, ...]
    state: Literal["intended", "done", "undone", "refused"] = "intended"
    """`intended` to the end means that devtool was cut off, or the action failed; `refused` that it was
    never begun."""

    @property
    def stays(self) -> bool:
        """Whether it may have been done, and nothing takes it back."""
        unreturned = any(isinstance(c, CommandRun) and c.undo_argv is None for c in self.changes)
        return unreturned and self.state != "refused"

    @property
    def undoable(self) -> bool:
        """Whether devtool can take it back."""
        return self.state != "refused" and not self.stays


@dataclass(frozen=True)
class Fix:
    """Everything one repair did."""

    id: int
    time: str
    """When it began, ISO 8601 in UTC."""
    devtool: str
    """The version that did it."""
    state: Literal["begun", "done", "failed", "undone", "partly"] = "begun"
    """`begun` to the end means that devtool was cut off; `partly` that it was taken back but for what
    needed root."""
    entries: tuple[Entry, ...] = ()

    @property
    def undoable(self) -> bool:
        """Whether there is anything that devtool can take back."""
        return self.state != "undone" and (not self.entries or any(e.undoable for e in self.entries))
