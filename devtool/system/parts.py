"""Where the bytes of a download go: into memory, or into a file that grows."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from devtool.errors import DevtoolError

_MIB = 1024**2


class Sink(Protocol):
    """What takes the bytes of a download."""

    @property
    def size(self) -> int:
        """How many are here."""

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""

    def restart(self) -> None:
        """Forget all that came."""

    def require_room(self, count: int) -> None:
        """Raises DevtoolError where so many more have no place."""


class Page:
    """A small answer in memory."""

    def __init__(self) -> None:
        self.content = bytearray()

    @property
    def size(self) -> int:
        return len(self.content)

    def write(self, piece: bytes) -> None:
        self.content += piece

    def restart(self) -> None:
        self.content.clear()

    def require_room(self, count: int) -> None:
        return


class Part:
    """A file that grows; one that holds nothing goes."""

    def __init__(self, path: str) -> None:
        self._path = path
        with writing(path):
            self._stream = open(path, "ab")  # noqa: SIM115  # closed by `__exit__`
        self.size = self._stream.tell()

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *_: object) -> None:
        with self._emptied_by_trouble(), writing(self._path):
            self._stream.flush()
            os.fsync(self._stream.fileno())
        with suppress(OSError):
            self._stream.close()
        if not self.size:
            discard(self._path)

    def write(self, piece: bytes) -> None:
        with self._emptied_by_trouble(), writing(self._path):
            self._stream.write(piece)
        self.size += len(piece)

    def restart(self) -> None:
        with suppress(OSError):
            self._stream.flush()
        with writing(self._path):
            os.ftruncate(self._stream.fileno(), 0)
        self.size = 0

    def require_room(self, count: int) -> None:
        room = os.statvfs(os.path.dirname(self._path))
        free = room.f_bavail * room.f_frsize
        if free < count:
            self.restart()
            raise DevtoolError(
                f"cannot write `{self._path}`: no space left on device:"
                f" {sized(count)} to come, {sized(free)} free",
                "free some space and try again",
            )

    @contextmanager
    def _emptied_by_trouble(self) -> Iterator[None]:
        """A disk that was filled by us does not stay full."""
        try:
            yield
        except DevtoolError:
            self.restart()
            raise


def discard(path: str) -> None:
    """Remove the file, where it can be."""
    with suppress(OSError):
        os.unlink(path)


def sized(count: int) -> str:
    """So many bytes, for a person."""
    return f"{count / _MIB:.1f} MiB" if count >= _MIB else f"{count / 1024:.0f} KiB"


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Tell what goes wrong with the file in one line. Raises DevtoolError."""
    try:
        yield
    except OSError as error:
        hint = "free some space and try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
        raise DevtoolError(
            f"cannot write `{path}`: {(error.strerror or str(error)).lower()}", hint
        ) from error
