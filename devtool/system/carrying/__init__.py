"""A program elsewhere on our own streams, which ends when we do.

The engine keeps a program running when its client goes: `docker exec` leaves
the compiler behind. Here a stream of ours is the program's lifeline: signals
go through it by name, and its end means that nobody waits any more.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Container
from typing import TYPE_CHECKING, Literal

from devtool.model.carrying import Attachment, Call, Carried
from devtool.system.arrivals import Arrivals
from devtool.system.carrying.frames import Frames
from devtool.system.carrying.link import Link
from devtool.system.engine_call import Reply, call, stream
from devtool.system.sink import Sink

if TYPE_CHECKING:
    from devtool.system.terminal import Terminal

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_ENDING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
_ENGINE_SECONDS = 30.0
# What is told to end is killed inside after this long; a second is what a person waits without wondering.
_PATIENCE_SECONDS = 0.7
_CHUNK_BYTES = 1024**2
_KEYS_BYTES = 65536


def carry(attachment: Attachment) -> Carried:
    """Start the program and hand its streams on until it ends."""
    with Arrivals((*_ENDING, signal.SIGWINCH, signal.SIGCONT)) as arrivals:
        keeper = _opened(attachment.url, attachment.keeper) if attachment.keeper else None
        if isinstance(keeper, Carried):
            return keeper
        main = _opened(attachment.url, attachment.start)
        if isinstance(main, Carried):
            if keeper is not None:
                keeper.put(b"done\n")
                keeper.close()
            return main
        carrying = _Carrying(attachment, main, keeper, arrivals)
        try:
            return carrying.run()
        finally:
            carrying.close()


class _Carrying:
    """Everything that happens between the program's start and its end."""

    def __init__(self, attachment: Attachment, main: Link, keeper: Link | None, arrivals: Arrivals) -> None:
        self._attachment, self._main, self._keeper, self._arrivals = attachment, main, keeper, arrivals
        self._lifeline = keeper or main
        self._out = Sink(_STDOUT)
        self._err = self._out if attachment.terminal else Sink(_STDERR)
        self._sinks = {self._out, self._err}
        self._frames = None if attachment.terminal else Frames()
        self._input: int | None = _STDIN if attachment.input else None
        self._terminal = _raw_terminal() if attachment.terminal else None
        self._signal: int | None = None
        self._deadline: float | None = None
        self._killed = self._given_up = False

    def run(self) -> Carried:
        """Hand on until the stream ends."""
        if self._terminal is not None:
            self._resize()
        self._hand_on(self._main.early)
        while not (self._main.ended or self._given_up):
            self._turn()
        while self._pending() and not self._signal:
            self._turn()
        if self._keeper is not None and self._signal is None:
            self._keeper.put(b"done\n")
            self._keeper.flush()
        gone = any(sink.broken for sink in self._sinks)
        outcome: Literal["ended", "lost"] = "lost" if self._given_up else "ended"
        reason = "the engine does not end the program" if self._given_up else ""
        unwritten = next((sink.trouble for sink in self._sinks if sink.trouble), "")
        return Carried(outcome, reason, self._signal, self._killed, gone, unwritten)

    def close(self) -> None:
        """Give everything back; what is still told to the other side is its end."""
        self._main.close()
        if self._keeper is not None:
            self._keeper.close()
        if self._terminal is not None:
            self._terminal.close()
        for sink in self._sinks:
            sink.close()

    def _turn(self) -> None:
        ready, writable = self._wait()
        takers: list[Sink | Link] = [*self._sinks, *self._links()]
        for each in takers:
            if each.descriptor in writable:
                each.flush()
        for link in self._links():
            if link.descriptor in ready:
                said = link.take(_CHUNK_BYTES)
                if link is self._main:  # the other has nothing to say
                    self._hand_on(said)
        if self._input in ready:
            self._take_input()
        if self._arrivals.descriptor in ready:
            for number in self._arrivals.read():
                self._receive(number)
        self._look_after_readers(ready)
        if self._signal is None and any(sink.broken for sink in self._sinks):
            self._end(signal.SIGPIPE, "TERM")
        self._insist()

    def _wait(self) -> tuple[Container[int | None], Container[int]]:
        """What can be read and written now."""
        links = self._links()
        reading = [self._arrivals.descriptor, *self._telltales()]
        if not self._pending():
            reading += [link.descriptor for link in links]
        if self._input is not None and not self._main.unsent:
            reading.append(self._input)
        writing = [sink.descriptor for sink in self._sinks if sink.pending]
        writing += [link.descriptor for link in links if link.unsent]
        patience = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        return select.select(reading, writing, [], patience)[:2]

    def _look_after_readers(self, ready: Container[int | None]) -> None:
        for number, sink in self._telltales().items():
            sink.broken = number in ready

    def _telltales(self) -> dict[int, Sink]:
        if not self._attachment.leash:
            return {}
        found = ((sink.telltale, sink) for sink in self._sinks if not sink.broken)
        return {number: sink for number, sink in found if number is not None}

    def _links(self) -> list[Link]:
        return [link for link in (self._main, self._keeper) if link is not None and not link.ended]

    def _hand_on(self, data: bytes) -> None:
        if self._frames is None:
            self._out.put(data)
            return
        for number, content in self._frames.feed(data):
            (self._err if number == _STDERR else self._out).put(content)

    def _take_input(self) -> None:
        assert self._input is not None
        try:
            keys = self._terminal.read() if self._terminal else os.read(self._input, _KEYS_BYTES)
        except BlockingIOError:
            return
        except OSError:
            keys = b""
        if keys:
            self._main.put(keys)
            return
        if self._terminal is not None and not self._terminal.gone:
            return
        self._input = None
        self._main.end_input()
        if self._terminal is not None:
            self._end(signal.SIGHUP, "HUP")

    def _receive(self, number: int) -> None:
        if number in _ENDING:
            self._end(number, signal.Signals(number).name.removeprefix("SIG"))
        elif self._terminal is not None and number in (signal.SIGWINCH, signal.SIGCONT):
            if number == signal.SIGCONT:
                self._terminal.make_raw()
            self._resize()

    def _end(self, number: int, name: str) -> None:
        """Tell the program to end; a second signal says the same again."""
        self._lifeline.put(f"{name}\n".encode())
        if self._signal is None:
            self._signal = number
            self._deadline = time.monotonic() + _PATIENCE_SECONDS

    def _insist(self) -> None:
        """Kill what was told to end and did not; give up when even that brings no end."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._given_up, self._killed = self._killed, True
            self._deadline = time.monotonic() + _ENGINE_SECONDS
            self._lifeline.put(b"KILL\n")

    def _resize(self) -> None:
        try:
            size = os.get_terminal_size(_STDOUT)
        except OSError:
            return
        request = Call(f"{self._attachment.resize}?h={size.lines}&w={size.columns}")
        # The engine refuses until the program has begun; it begins within milliseconds.
        for _ in range(20):
            answer = call(self._attachment.url, "POST", request, _ENGINE_SECONDS)
            if not isinstance(answer, Reply) or answer.status < 400 or self._main.ended:
                return
            time.sleep(0.01)

    def _pending(self) -> bool:
        return any(sink.pending for sink in self._sinks)


def _opened(url: str, request: Call) -> Link | Carried:
    answer = stream(url, request, _ENGINE_SECONDS)
    if isinstance(answer, OSError):
        return Carried("lost", (answer.strerror or str(answer)).lower())
    if isinstance(answer, Reply):
        return Carried("refused", answer.body.decode("utf-8", "replace"))
    return Link(*answer)


def _raw_terminal() -> Terminal:
    from devtool.system.terminal import Terminal

    terminal = Terminal(_STDIN)
    terminal.make_raw()
    return terminal
