"""The process between us and a command on a terminal of its own.

It leads the terminal's session, so that the command can lead a group in it:
the leader of a session, and a group whose parents are all outside of it,
cannot be stopped by Ctrl-Z. It does what its orders say, tells what becomes
of the command, and ends it when we are gone. `sudo` does the same with
`use_pty`.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import struct
import termios
import time
from collections.abc import Callable
from typing import Literal, get_args

from devtool.system.arrivals import Arrivals
from devtool.system.following.launch import Start, StartError, start

Word = Literal["failed", "stopped", "ended", "signal", "foreground", "background", "tidy", "leave"]
_WORDS: tuple[Word, ...] = get_args(Word)
_MESSAGE = struct.Struct("=ii")
_GRACE_SECONDS = 5.0
_TIDY_SECONDS = 2.0
_POLL_SECONDS = 0.02
_DEAF_TO = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
)


def tell(line: socket.socket, word: Word, number: int = 0) -> None:
    """Send one message; nothing happens where nobody listens any more."""
    try:
        line.sendall(_MESSAGE.pack(_WORDS.index(word), number))
    except OSError:
        return


def hear(line: socket.socket) -> tuple[Word, int] | None:
    """The next message; None when the other side has gone."""
    received = b""
    while len(received) < _MESSAGE.size:
        try:
            piece = line.recv(_MESSAGE.size - len(received))
        except ConnectionError:
            return None
        if not piece:
            return None
        received += piece
    word, number = _MESSAGE.unpack(received)
    return _WORDS[word], number


def monitor(
    line: socket.socket,
    slave: int,
    outputs: dict[int, int],
    command: Start,
    in_front: bool,
    rescue: Callable[[], None],
) -> None:
    """Start the command on the terminal and see it through; `rescue` is called when we are left alone.

    `outputs` says which of the command's three streams is which descriptor.
    """
    signal.set_wakeup_fd(-1)
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for each in _DEAF_TO:
        signal.signal(each, signal.SIG_IGN)

    def arrange() -> None:
        os.setpgid(0, 0)
        if in_front:
            os.tcsetpgrp(slave, os.getpid())
        for number, descriptor in outputs.items():
            os.dup2(descriptor, number)

    with Arrivals([signal.SIGCHLD]) as arrivals:
        try:
            pid = start(command, arrange)
        except StartError as error:
            tell(line, "failed", error.number)
            return
        _Monitor(line, slave, pid).watch(arrivals, rescue)


class _Monitor:
    def __init__(self, line: socket.socket, slave: int, pid: int) -> None:
        self._line, self._slave, self._pid = line, slave, pid
        self._ended = False

    def watch(self, arrivals: Arrivals, rescue: Callable[[], None]) -> None:
        while True:
            ready, _, _ = select.select([self._line.fileno(), arrivals.descriptor], [], [])
            if arrivals.descriptor in ready:
                arrivals.read()
                self._look()
            if self._line.fileno() in ready:
                message = hear(self._line)
                if message is None:
                    rescue()
                    self._end()
                    return
                if message[0] == "leave":
                    break
                self._obey(*message)
        # Who stays behind in the command's group would be told that the terminal has gone.
        self._to_front(os.getpgrp())

    def _look(self) -> None:
        try:
            pid, status = os.waitpid(self._pid, os.WNOHANG | os.WUNTRACED)
        except ChildProcessError:
            return
        if pid and os.WIFSTOPPED(status):
            tell(self._line, "stopped", os.WSTOPSIG(status))
        elif pid:
            self._ended = True
            tell(self._line, "ended", status)

    def _obey(self, word: Word, number: int) -> None:
        if word == "signal":
            self._signal(number)
            if number in (signal.SIGTERM, signal.SIGHUP):  # one that is stopped could not end
                self._signal(signal.SIGCONT)
        elif word == "foreground":
            self._to_front(self._pid)
            self._signal(signal.SIGCONT)
        elif word == "background":
            self._to_front(os.getpgrp())
            self._signal(signal.SIGCONT)
        elif word == "tidy":
            deadline = time.monotonic() + _TIDY_SECONDS
            while self._signal(0) and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
            self._signal(signal.SIGKILL)

    def _to_front(self, group: int) -> None:
        try:
            os.tcsetpgrp(self._slave, group)
        except OSError:  # the group, or the terminal, has gone
            return

    def _signal(self, number: int) -> bool:
        """Whether there is anybody in the command's group."""
        try:
            os.killpg(self._pid, number)
        except OSError:
            return False
        return True

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)
        deadline = time.monotonic() + _GRACE_SECONDS
        while not self._ended and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            self._look()
        self._signal(signal.SIGKILL)
