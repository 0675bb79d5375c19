"""One stream of the command on its way to one of our outputs."""

from __future__ import annotations

import fcntl
import os

from devtool.system.following.sink import Sink

PIPE_BYTES = 1024**2
_CHUNK_BYTES = 256 * 1024


class Flow:
    """Where a stream is read and where it goes; `source` is None when there is nothing more to read."""

    def __init__(self, source: int, sink: Sink) -> None:
        self.source: int | None = source
        self.sink = sink

    def pump(self) -> bytes:
        """Hand on what is there now and give it; empty when nothing is."""
        if self.source is None:
            return b""
        try:
            data = os.read(self.source, _CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError:  # a terminal that nobody holds any more
            data = b""
        if data:
            self.sink.put(data)
        if not data or self.sink.broken:
            self.close()
        return data

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
