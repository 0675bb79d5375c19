"""Files, as a door: for checking types only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from devtool.system.files import DEFAULT_LIMIT_BYTES, Kind, Stamp


class Files(Protocol):
    """What the rest of devtool may do with files. Paths are absolute."""

    def read_bytes(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes | None:
        """The content, or None where nothing is. Raises UnreadableError for anything but a plain file."""

    def read_text(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str | None:
        """The content as UTF-8 with replacement, or None where nothing is. Raises UnreadableError."""

    def pieces(self, path: str) -> Iterator[bytes]:
        """What a file or a pipe holds, as it comes. Raises UnreadableError, also where nothing is."""

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        """Replace the file at once; keeps symlinks, owner and permissions. Raises DevtoolError."""

    def kind(self, path: str) -> Kind | None:
        """What is at the path (links followed), None where nothing is."""

    def stamp(self, path: str) -> Stamp | None:
        """Identity of the file's present state (links followed), None where nothing is."""

    def owner_id(self, path: str) -> int | None:
        """The owner's user number, None where nothing is."""

    def group_id(self, path: str) -> int | None:
        """The number of the group it belongs to, None where nothing is."""

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

    def unpack(self, archive: str, folder: str) -> None:
        """Unpack a tar archive or a zip into the folder, which it makes, and nowhere else.

        Raises DevtoolError, and leaves what came before that.
        """

    def link_target(self, path: str) -> str | None:
        """What a symbolic link says, None where there is no link."""

    def real(self, path: str) -> str:
        """The path with every link followed."""

    def free_bytes(self, path: str) -> int | None:
        """Free space for this user where the path lies (its nearest existing folder)."""

    def lock(self, path: str, timeout_seconds: float) -> AbstractContextManager[None]:
        """Hold the lock file while in the `with` block. Raises DevtoolError after the time limit."""
