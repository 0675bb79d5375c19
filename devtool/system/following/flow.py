"""One stream of the command on its way to one of our outputs."""

from __future__ import annotations

import fcntl
import os
import time

from devtool.system.sink import Sink

PIPE_BYTES = 1024**2
_CHUNK_BYTES = 256 * 1024
# Linux hands over no more of a terminal's output in one go, though it holds sixteen times that.
_TERMINAL_BYTES = 4096
_SMALL_BYTES = 16384
_HURRY_SECONDS = 0.004
_REST_SECONDS = 0.001


class Flow:
    """Where a stream is read and where it goes; `source` is None when there is nothing more to read."""

    def __init__(self, source: int, sink: Sink) -> None:
        self.source: int | None = source
        self.sink = sink
        self.rest_until = 0.0
        self._last = 0.0

    def pump(self) -> bytes:
        """Hand on what is there now and give it; empty when nothing is."""
        data = self._read()
        if data:
            self.sink.put(data)
            self.rest_until = self._rest(len(data))
        if self.sink.broken:
            self.close()
        return data

    def _read(self) -> bytes:
        pieces: list[bytes] = []
        room = _CHUNK_BYTES
        while self.source is not None and room > 0:
            try:
                piece = os.read(self.source, room)
            except BlockingIOError:
                break
            except OSError:  # a terminal that nobody holds any more
                piece = b""
            if not piece:
                self.close()
            pieces.append(piece)
            room -= len(piece)
            if len(piece) > _TERMINAL_BYTES:  # a pipe gives all it has at once
                break
        return b"".join(pieces)

    def _rest(self, count: int) -> float:
        """When to read again: to follow a hurried writer line by line would slow it down."""
        now = time.monotonic()
        hurried = count < _SMALL_BYTES and now - self._last < _HURRY_SECONDS
        self._last = now
        return now + _REST_SECONDS if hurried else 0.0

    def close(self) -> None:
        """Let the command feel that nobody reads, as it would without us."""
        if self.source is not None:
            os.close(self.source)
            self.source = None


def pipe() -> tuple[int, int]:
    """A pipe for a stream: its reading end does not block."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        try:
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        except OSError:  # the person's share of such pipes is used up
            return reading, writing
    return reading, writing
