"""What an editor's files of a checkout or of a person become, and what stays as the person has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conflict:
    """A key that the person has with another value than devtool's; theirs stays."""

    key: str
    """What `--force` takes."""
    theirs: str
    ours: str


@dataclass(frozen=True)
class EditedFile:
    """One file before and after."""

    path: str
    """Absolute."""
    before: str | None
    """None where there is no file."""
    after: str
    added: tuple[str, ...] = ()
    """Keys that were not there; empty for a new file."""
    replaced: tuple[str, ...] = ()
    """Keys whose value devtool was told to replace."""
    conflicts: tuple[Conflict, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the file would be written."""
        return self.before != self.after


@dataclass(frozen=True)
class Edition:
    """All files of one run."""

    files: tuple[EditedFile, ...]
    fix: int | None = None
    """The fix that `devtool undo` takes back; None where nothing was written."""

    @property
    def changes(self) -> bool:
        """Whether any file would be written, or was."""
        return any(file.changes for file in self.files)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Those of all files."""
        return tuple(conflict for file in self.files for conflict in file.conflicts)
