"""Reading what may be larger than memory: piece by piece, from a file, a pipe or standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from devtool.errors import UnreadableError

PIECE_BYTES = 1 << 20


def pieces_of(path: str) -> Iterator[bytes]:
    """The content of a file or a pipe as it comes.

    Raises UnreadableError where nothing is, for a folder, and for what cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UnreadableError(f"there is no `{path}`") from None
    except (OSError, ValueError) as error:
        raise UnreadableError(f"cannot read `{path}`: {_reason(error)}") from None
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise UnreadableError(f"`{path}` is a folder, not a file", "name the log in it")
        yield from _read(descriptor, path)
    finally:
        os.close(descriptor)


def incoming() -> Iterator[bytes]:
    """Standard input as it comes. Raises UnreadableError where it cannot be read."""
    yield from _read(0, "standard input")


def _read(descriptor: int, name: str) -> Iterator[bytes]:
    try:
        while piece := os.read(descriptor, PIECE_BYTES):
            yield piece
    except OSError as error:
        raise UnreadableError(f"cannot read `{name}`: {_reason(error)}") from None


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
