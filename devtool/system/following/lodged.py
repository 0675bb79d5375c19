"""A command on a terminal of its own, lent for as long as it runs and made like the person's."""

from __future__ import annotations

import os
import signal
import socket
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress

from devtool.system.arrivals import PASSED_ON
from devtool.system.following.flow import Flow
from devtool.system.following.launch import Start, StartError
from devtool.system.following.monitor import hear, monitor, tell
from devtool.system.sink import Sink
from devtool.system.terminal import Terminal

_WANTS_TERMINAL = (signal.SIGTTIN, signal.SIGTTOU)
_UNKNOWN_END = signal.SIGKILL
"""As a wait status: what is said of a command whose monitor was killed."""


class Lodged:
    """The command, its monitor and the two terminals.

    Keys are taken from the person only when the command is sure to want them:
    at once where input and output both are the terminal, else (in a pipeline,
    in the background) when it asks, because somebody else may read there.
    """

    def __init__(
        self,
        command: Start,
        terminal: Terminal,
        redirected: dict[int, int],
        flows: list[Flow],
        sink: Sink,
    ) -> None:
        self.status: int | None = None
        self.drain: Callable[[], None] = lambda: None
        self._terminal = terminal
        self._keys = b""
        master, slave = os.openpty()
        os.set_blocking(master, False)
        self.flow = Flow(master, sink)
        ours, theirs = socket.socketpair()
        self._line = ours
        termios.tcsetattr(slave, termios.TCSANOW, terminal.modes)
        terminal.copy_size(slave)
        # In the background the modes are those of whoever is in front, as a shell at its prompt.
        self._fitted = terminal.foreground
        in_front = os.isatty(0) and os.isatty(1) and self._fitted
        if in_front:
            terminal.make_raw()
        self._shape_output()
        outputs = {number: slave for number in range(3) if os.isatty(number)} | redirected
        try:
            self._monitor = os.fork()
        except OSError:
            terminal.close()
            raise
        if self._monitor == 0:
            try:
                ours.close()
                # A reader more would keep the command from feeling that ours has gone.
                for flow in (self.flow, *flows):
                    flow.close()
                monitor(theirs, slave, outputs, command, in_front, self._rescue)
            finally:
                os._exit(0)
        theirs.close()
        os.close(slave)

    @property
    def _master(self) -> int | None:
        return self.flow.source

    @property
    def readers(self) -> list[int]:
        """What to wait for besides output."""
        listening = self._terminal.raw and not self._terminal.gone and not self._keys
        return [self._line.fileno(), *([self._terminal.descriptor] if listening else [])]

    @property
    def writers(self) -> list[int]:
        """Where keys wait to be taken."""
        return [self._master] if self._keys and self._master is not None else []

    def attend(self, ready: Sequence[int]) -> None:
        """Hear the monitor and hand keys on. Raises StartError."""
        if self._terminal.descriptor in ready:
            self._keys += self._terminal.read()
        if self._keys:
            self._type()
        if self._line.fileno() in ready:
            word, number = hear(self._line) or ("ended", int(_UNKNOWN_END))
            if word == "failed":
                self.status = 0
                raise StartError(number)
            if word == "stopped":
                self._stopped(number)
            elif word == "ended":
                self.status = number

    def receive(self, number: int) -> None:
        """Act on a signal that came to us."""
        if number == signal.SIGWINCH and self._master is not None:
            self._terminal.copy_size(self._master)
        elif number == signal.SIGCONT and self._terminal.raw:
            self._resume(True)  # stopped from outside, by a signal that cannot be caught
        elif number in PASSED_ON or number == signal.SIGTSTP:
            tell(self._line, "signal", number)

    def end(self, number: int) -> None:
        """Send the signal to the command and all of its group."""
        tell(self._line, "signal", number)

    def tidy(self) -> None:
        """End what is left of the command's group after a moment."""
        tell(self._line, "tidy")

    def close(self) -> None:
        """Give the person's terminal back, and let the lent one go; the monitor ends what still runs."""
        self._terminal.close()
        if self.status is not None:
            tell(self._line, "leave")
        self._line.close()
        os.waitpid(self._monitor, 0)

    def _type(self) -> None:
        try:
            self._keys = self._keys[os.write(self._master, self._keys) :] if self._master is not None else b""
        except BlockingIOError:
            return
        except OSError:
            self._keys = b""

    def _stopped(self, number: int) -> None:
        """Do what the command did, so that the person's shell sees it; go on when the shell says so."""
        self.drain()
        if number in _WANTS_TERMINAL and self._terminal.foreground:
            self._resume(True)
            return
        in_front = self._terminal.raw
        self._terminal.restore()
        before = signal.getsignal(number)
        if number != signal.SIGSTOP:
            signal.signal(number, signal.SIG_DFL)
        if in_front:  # as the kernel does for Ctrl-Z; where it was not raw, the kernel has done so
            os.killpg(os.getpgrp(), number)
        else:
            os.kill(os.getpid(), number)
        if number != signal.SIGSTOP:
            signal.signal(number, before)
        if number in _WANTS_TERMINAL and os.getsid(os.getppid()) != os.getsid(0):
            # Nobody is there who could bring us to the front: a read would fail for ever.
            self.end(signal.SIGHUP)
        self._resume(in_front or number in _WANTS_TERMINAL)

    def _resume(self, in_front: bool) -> None:
        if in_front and self._terminal.foreground:
            self._terminal.make_raw()
            if self._master is not None:
                self._terminal.copy_size(self._master)
                self._fit(self._master)
            self._shape_output()
            tell(self._line, "foreground")
        else:
            self._terminal.raw = False
            self._shape_output()
            tell(self._line, "background")

    def _fit(self, master: int) -> None:
        if not self._fitted:
            with suppress(termios.error):
                termios.tcsetattr(master, termios.TCSANOW, self._terminal.modes)
        self._fitted = True

    def _shape_output(self) -> None:
        """Let line ends become what a terminal needs once: in the lent one while the person's is raw."""
        if self._master is not None and self._terminal.modes[1] & termios.OPOST:
            with suppress(termios.error):
                modes = termios.tcgetattr(self._master)
                modes[1] = modes[1] | termios.OPOST if self._terminal.raw else modes[1] & ~termios.OPOST
                termios.tcsetattr(self._master, termios.TCSANOW, modes)

    def _rescue(self) -> None:
        """In the monitor, when we were killed: no session's terminal, so its modes can be set from there."""
        if self._terminal.raw:
            self._terminal.reset()
