"""The engine's way of putting two streams into one: eight bytes before each piece."""

from __future__ import annotations

_HEAD_BYTES = 8


class Frames:
    """Takes the joined stream apart as it comes.

    The form is that of the engine's API, "Stream format" under attach: the
    stream's number, three zeros, the length in four bytes with the highest first.
    """

    def __init__(self) -> None:
        self._head = b""
        self._stream = 0
        self._left = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Stream and content of what came, in order; neighbours of one stream together."""
        found: list[tuple[int, list[memoryview]]] = []
        view, at = memoryview(data), 0
        while at < len(view):
            if not self._left:
                wanted = _HEAD_BYTES - len(self._head)
                self._head += bytes(view[at : at + wanted])
                at += wanted
                if len(self._head) < _HEAD_BYTES:
                    break
                self._stream = self._head[0]
                self._left = int.from_bytes(self._head[4:], "big")
                self._head = b""
                continue
            piece = view[at : at + self._left]
            at += len(piece)
            self._left -= len(piece)
            if not found or found[-1][0] != self._stream:
                found.append((self._stream, []))
            found[-1][1].append(piece)
        return [(number, b"".join(pieces)) for number, pieces in found]
