"""Signals as something that can be waited for together with output."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from types import FrameType
from typing import Any

PASSED_ON = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""What the command is told when we are told."""


class Arrivals:
    """While in the `with` block these signals only come out of `read`; ignored ones stay ignored."""

    def __init__(self, wanted: Iterable[int]) -> None:
        self._wanted = tuple(wanted)
        self._before: dict[int, Any] = {}
        self._wakeup = -1

    def __enter__(self) -> Arrivals:
        self.descriptor, self._sender = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._sender, False)
        self._wakeup = signal.set_wakeup_fd(self._sender, warn_on_full_buffer=False)
        for each in self._wanted:
            before = signal.getsignal(each)
            if before != signal.SIG_IGN:
                self._before[each] = before
                signal.signal(each, _noticed)
        return self

    def __exit__(self, *_: object) -> None:
        for each, before in self._before.items():
            signal.signal(each, before)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self.descriptor)
        os.close(self._sender)

    def read(self) -> list[int]:
        """Numbers of the signals that came."""
        try:
            return list(os.read(self.descriptor, 4096))
        except BlockingIOError:
            return []


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """Nothing: the number is in the pipe by now."""
