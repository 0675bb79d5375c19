"""A command beside us: in our group and on our input, so that the terminal's signals reach both."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from devtool.system.arrivals import PASSED_ON
from devtool.system.following.launch import Start, start

if TYPE_CHECKING:
    import psutil

_TIDY_SECONDS = 2.0
_POLL_SECONDS = 0.02
_FROM_TERMINAL = (signal.SIGINT, signal.SIGQUIT)


class Beside:
    """The command as our child."""

    flow = None
    writers: tuple[int, ...] = ()
    readers: tuple[int, ...] = ()

    def __init__(self, command: Start, redirected: dict[int, int]) -> None:
        self.status: int | None = None
        self.drain: Callable[[], None] | None = None
        self._told: list[psutil.Process] = []

        def arrange() -> None:
            for number, descriptor in redirected.items():
                os.dup2(descriptor, number)

        self._pid = start(command, arrange)

    def attend(self, ready: Sequence[int]) -> None:
        """Nothing: its end comes as a signal."""

    def receive(self, number: int) -> None:
        """See whether it has ended, or pass a signal on that was meant for us alone."""
        if number == signal.SIGCHLD and self.status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self.status = status if pid else None
        elif number in PASSED_ON and not (number in _FROM_TERMINAL and _in_front()):
            self.end(number)

    def end(self, number: int) -> None:
        """Send the signal to the command and all that it started and that did not leave it."""
        import psutil

        # Who is asked to end first may leave children that belong to nobody: they are remembered.
        family = []
        with suppress(psutil.Error):
            family = [psutil.Process(self._pid), *psutil.Process(self._pid).children(recursive=True)]
        self._told += [each for each in family if each not in self._told]
        for each in self._told:
            with suppress(psutil.Error):
                each.send_signal(number)

    def tidy(self) -> None:
        """End whoever was told to end and is still there after a moment."""
        deadline = time.monotonic() + _TIDY_SECONDS
        while any(map(_lives, self._told)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        self.end(signal.SIGKILL)

    def close(self) -> None:
        """End it where we cannot go on."""
        if self.status is None:
            self.end(signal.SIGTERM)
            self.tidy()


def _lives(process: psutil.Process) -> bool:
    import psutil

    try:  # in a container there may be nobody who reaps an orphan
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _in_front() -> bool:
    """Whether keys on the terminal signal our group: then the command has been told already."""
    try:
        descriptor = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(descriptor)
