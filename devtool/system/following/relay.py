"""The loop that hands output on: to where it goes first, then to the log, then to whoever watches."""

from __future__ import annotations

import select
import signal
import time
from collections.abc import Sequence
from typing import Protocol

from devtool.system.arrivals import Arrivals
from devtool.system.following.flow import PIPE_BYTES, Flow
from devtool.system.following.log import Log
from devtool.system.following.watcher import Watcher
from devtool.system.sink import Sink

_GRACE_SECONDS = 5.0
_ENDING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)


class Running(Protocol):
    """A command that was started."""

    status: int | None
    """As the kernel gives it; None while it runs."""

    @property
    def readers(self) -> Sequence[int]:
        """What to wait for besides output and signals."""

    @property
    def writers(self) -> Sequence[int]:
        """Where something waits to be taken."""

    def attend(self, ready: Sequence[int]) -> None:
        """Act on what came. Raises StartError."""

    def receive(self, number: int) -> None:
        """Act on a signal that came to us."""

    def end(self, number: int) -> None:
        """Send the signal to the command and all that belongs to it."""

    def tidy(self) -> None:
        """End what outlived a command that was told to end."""


class Relay:
    """Everything that happens between the command's start and its end."""

    def __init__(
        self,
        running: Running,
        flows: list[Flow],
        errors: Sink,
        log: Log,
        watcher: Watcher | None,
        arrivals: Arrivals,
        fail_fast: bool,
    ) -> None:
        self._running, self._flows, self._errors = running, flows, errors
        self._log, self._watcher, self._arrivals, self._fail_fast = log, watcher, arrivals, fail_fast
        self._sinks = {errors, *(flow.sink for flow in flows)}
        self._deadline: float | None = None
        self._told_to_end = False
        self.announced = 0
        self.cut_short = False

    def run(self) -> None:
        """Hand on until the command has ended, and then what it left in its streams."""
        while self._running.status is None:
            self._turn()
        if self._told_to_end:
            self._running.tidy()
        self.drain()
        self._errors.finish()
        self._settle()

    def drain(self) -> None:
        """Hand on what is there; no more than a pipe holds, for a daemon may write on and on."""
        for flow in self._flows:
            passed = 0
            while passed <= PIPE_BYTES and self._settle():
                data = flow.pump()
                if not data:
                    break
                self._keep(data)
                passed += len(data)

    def close(self) -> None:
        """Close the streams and our own descriptions of our outputs."""
        for flow in self._flows:
            flow.close()
        for sink in self._sinks:
            sink.close()

    def _turn(self) -> None:
        now = time.monotonic()
        open_flows = {
            flow.source: flow for flow in self._flows if flow.source is not None and not flow.sink.pending
        }
        reading = {source: flow for source, flow in open_flows.items() if flow.rest_until <= now}
        moments = [flow.rest_until for flow in open_flows.values() if flow.rest_until > now]
        if self._deadline is not None:
            moments.append(self._deadline)
        full = {sink.descriptor: sink for sink in self._sinks if sink.pending}
        watching = [self._watcher.descriptor] if self._watcher else []
        ready, writable, _ = select.select(
            [*reading, self._arrivals.descriptor, *self._running.readers, *watching],
            [*full, *self._running.writers],
            [],
            max(0.0, min(moments) - now) if moments else None,
        )
        for descriptor in writable:
            if descriptor in full:
                full[descriptor].flush()
        for descriptor in ready:
            if descriptor in reading:
                self._keep(reading[descriptor].pump())
        if watching and watching[0] in ready:
            self._announce()
        if self._arrivals.descriptor in ready:
            for number in self._arrivals.read():
                self._told_to_end = self._told_to_end or number == signal.SIGTERM
                self._running.receive(number)
        self._running.attend(ready)
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._running.end(signal.SIGKILL)
            self._deadline = None

    def _keep(self, data: bytes) -> None:
        if data and self._log.write(data) and self._watcher is not None:
            self._watcher.nudge()

    def _announce(self) -> None:
        assert self._watcher is not None
        lines = self._watcher.announcements()
        if lines is None:
            self._watcher = None
            return
        for line in lines:
            self._errors.announce(line)
        self.announced += len(lines)
        if lines and self._fail_fast and not self.cut_short:
            self.cut_short = self._told_to_end = True
            self._running.end(signal.SIGTERM)
            self._deadline = time.monotonic() + _GRACE_SECONDS

    def _settle(self) -> bool:
        """Wait until our outputs have taken all; False when the person wants no more of it."""
        while full := {sink.descriptor: sink for sink in self._sinks if sink.pending}:
            ready, writable, _ = select.select([self._arrivals.descriptor], [*full], [])
            came = self._arrivals.read() if ready else []
            for number in came:
                self._running.receive(number)
            if set(came) & set(_ENDING):
                return False
            for descriptor in writable:
                full[descriptor].flush()
        return True
