"""Draining a child's two streams: bounded, line by line for a listener, never held by a grandchild."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

OUTPUT_LIMIT_BYTES = 1024**2
_POLL_SECONDS = 0.02


@dataclass
class Stream:
    """One stream of a child, as far as it has been read."""

    descriptor: int
    listener: Callable[[str], None] | None
    kept: bytearray = field(default_factory=bytearray)
    truncated: bool = False
    _rest: bytes = b""

    def feed(self, chunk: bytes) -> None:
        """Keep what fits and tell the listener of every line that is whole now."""
        room = OUTPUT_LIMIT_BYTES - len(self.kept)
        self.truncated = self.truncated or len(chunk) > room
        self.kept += chunk[:room]
        if self.listener is not None:
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            for line in whole:
                self.listener(line.decode("utf-8", "replace").rstrip("\r"))

    def close(self) -> None:
        """Tell the listener of a last line without an end."""
        if self.listener is not None and self._rest:
            self.listener(self._rest.decode("utf-8", "replace"))

    @property
    def text(self) -> str:
        """What was kept."""
        return self.kept.decode("utf-8", "replace")


def drain(child: subprocess.Popen[bytes], streams: list[Stream], timeout_seconds: float | None) -> bool:
    """Read until the child has ended, or the time limit; whether it ended in time.

    Not `communicate`: that waits for every holder of the pipes, and a
    grandchild that stays behind would hold it until the time limit.
    """
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            os.set_blocking(stream.descriptor, False)
            selector.register(stream.descriptor, selectors.EVENT_READ, stream)
        while True:
            ended = child.poll() is not None
            if not selector.get_map() and not ended:  # it closed its streams and goes on
                time.sleep(_POLL_SECONDS)
            ready = selector.select(0 if ended else _POLL_SECONDS)
            for key, _ in ready:
                if chunk := os.read(key.fd, 65536):
                    key.data.feed(chunk)
                else:
                    selector.unregister(key.fd)
            if ended and not ready:
                break
            if deadline is not None and time.monotonic() > deadline:
                return ended
    for stream in streams:
        stream.close()
    return True
