"""Files, as a door: reading that cannot hang or blow up, writing that is all or nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

DEFAULT_LIMIT_BYTES = 8 * 1024**2
"""Larger than any configuration file a person or a project keeps."""

Kind = Literal["file", "folder", "other"]


@dataclass(frozen=True)
class Stamp:
    """What identifies one state of a file."""

    path: str
    size: int
    modified_ns: int
    inode: int


class Files(Protocol):
    """What the rest of devtool may do with files. Paths are absolute."""

    def read_bytes(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes | None:
        """The content, or None where nothing is. Raises UnreadableError for anything but a plain file."""

    def read_text(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str | None:
        """The content as UTF-8 with replacement, or None where nothing is. Raises UnreadableError."""

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        """Replace the file at once; keeps symlinks, owner and permissions. Raises DevtoolError."""

    def kind(self, path: str) -> Kind | None:
        """What is at the path (links followed), None where nothing is."""

    def stamp(self, path: str) -> Stamp | None:
        """Identity of the file's present state (links followed), None where nothing is."""

    def owner_id(self, path: str) -> int | None:
        """The owner's user number, None where nothing is."""

    def writable(self, path: str) -> bool:
        """Whether this user may write to what is at the path."""

    def executable(self, path: str) -> bool:
        """Whether this user may run the file at the path."""

    def names(self, path: str) -> list[str]:
        """Sorted names in a folder; empty where there is none."""

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it. Raises DevtoolError."""

    def remove(self, path: str) -> None:
        """Remove a file or a link; nothing happens where nothing is. Raises DevtoolError."""

    def remove_tree(self, path: str) -> None:
        """Remove a folder and all in it; nothing happens where nothing is. Raises DevtoolError."""

    def move(self, source: str, target: str) -> None:
        """Rename within one file system, replacing the target. Raises DevtoolError."""

    def link_target(self, path: str) -> str | None:
        """What a symbolic link says, None where there is no link."""

    def real(self, path: str) -> str:
        """The path with every link followed."""

    def free_bytes(self, path: str) -> int | None:
        """Free space for this user where the path lies (its nearest existing folder)."""

    def lock(self, path: str, timeout_seconds: float) -> AbstractContextManager[None]:
        """Hold the lock file while in the `with` block. Raises DevtoolError after the time limit."""
