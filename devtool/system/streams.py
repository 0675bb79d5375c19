"""Draining a child's two streams: bounded, line by line for a listener, never held by a grandchild."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

OUTPUT_LIMIT_BYTES = 1024**2
LINE_LIMIT_BYTES = 65536
"""A line that is longer still reaches its listener in pieces."""
_POLL_SECONDS = 0.005


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
            if len(self._rest) > LINE_LIMIT_BYTES:
                whole, self._rest = [*whole, self._rest], b""
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
    ending = _ending(child.pid)
    try:
        with selectors.DefaultSelector() as selector:
            if ending is not None:
                selector.register(ending, selectors.EVENT_READ)
            for stream in streams:
                os.set_blocking(stream.descriptor, False)
                selector.register(stream.descriptor, selectors.EVENT_READ, stream)
            while True:
                ended = child.poll() is not None
                ready = selector.select(0 if ended else _patience(deadline, ending))
                for key, _ in ready:
                    if key.data is not None:
                        _read(selector, key)
                if ended and not any(key.data for key, _ in ready):
                    break
                if deadline is not None and time.monotonic() > deadline:
                    return ended
    finally:
        if ending is not None:
            os.close(ending)
    for stream in streams:
        stream.close()
    return True


def _ending(pid: int) -> int | None:
    """A descriptor that can be read once the process has ended, where the kernel has such (Linux 5.3)."""
    try:
        return os.pidfd_open(pid) if sys.platform == "linux" else None
    except OSError:
        return None


def _patience(deadline: float | None, ending: int | None) -> float | None:
    """How long to wait for news: without a descriptor for the end of the child, it must be asked for."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    if ending is not None:
        return left
    return _POLL_SECONDS if left is None else min(left, _POLL_SECONDS)


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    if chunk := os.read(key.fd, 65536):
        key.data.feed(chunk)
    else:
        selector.unregister(key.fd)
