"""Reading the log while it grows, in a process of its own: its weight and its faults stay there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence

Observer = Callable[[bytes], Sequence[str]]
"""Takes what came out, gives lines to announce."""
Watch = Callable[[], Observer]
"""Makes an observer; called in the other process, when there is something to observe."""
_PAUSE_SECONDS = 0.03
_PIECE_BYTES = 1024**2
# The command's work goes first.
_NICENESS = 10
_DEAF_TO = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)


class Watcher:
    """The other process and the two pipes to it."""

    def __init__(self, watch: Watch, log_path: str) -> None:
        woken, self._waker = os.pipe()
        self.descriptor, speaking = os.pipe()
        self._rest = b""
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(self._waker)
                os.close(self.descriptor)
                _observe(watch, log_path, woken, speaking)
            finally:
                os._exit(1)
        os.close(woken)
        os.close(speaking)
        os.set_blocking(self._waker, False)

    def nudge(self) -> None:
        """Say that the log has grown."""
        try:
            os.write(self._waker, b".")
        except OSError:  # it knows already, or has gone
            return

    def announcements(self) -> list[str] | None:
        """Lines that came; None when there will be no more."""
        piece = os.read(self.descriptor, 65536)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [line.decode("utf-8", "replace") for line in lines] if piece else None

    def close(self) -> None:
        """End it: what it has not read yet is diagnosed from the log."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._waker)
        os.close(self.descriptor)


def _observe(watch: Watch, log_path: str, woken: int, speaking: int) -> None:
    signal.set_wakeup_fd(-1)
    for each in _DEAF_TO:
        signal.signal(each, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    os.nice(_NICENESS)
    log = os.open(log_path, os.O_RDONLY)
    observer: Observer | None = None
    while os.read(woken, 65536):
        observer = observer or watch()
        while piece := os.read(log, _PIECE_BYTES):
            for line in observer(piece):
                os.write(speaking, " ".join(line.splitlines()).encode("utf-8", "replace") + b"\n")
        time.sleep(_PAUSE_SECONDS)
