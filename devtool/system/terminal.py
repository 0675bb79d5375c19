"""The person's terminal while their command has another one: its size, its modes, whose turn it is."""

from __future__ import annotations

import fcntl
import os
import stat
import termios
import tty

_SIZE_BYTES = 8


class Terminal:
    """The terminal behind a descriptor, under a description of our own where one can be had."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = reopened(descriptor, os.O_RDWR) or os.dup(descriptor)
        self.modes = termios.tcgetattr(self.descriptor)
        self.raw = False
        self.gone = False

    @property
    def foreground(self) -> bool:
        """Whether keys are for us; taken for granted on a terminal that controls no session of ours."""
        try:
            return os.tcgetpgrp(self.descriptor) == os.getpgrp()
        except OSError:
            return True

    def make_raw(self) -> None:
        """Hand every key on as it is: the other terminal gives them their meaning."""
        try:
            if not self.raw:  # a shell may have changed them since
                self.modes = termios.tcgetattr(self.descriptor)
            tty.setraw(self.descriptor, termios.TCSANOW)
        except termios.error:  # it has gone
            return
        self.raw = True

    def restore(self) -> None:
        """The modes that were found, unless somebody else uses the terminal by now."""
        if self.raw and self.foreground:
            self.reset()
        self.raw = False

    def reset(self) -> None:
        """The modes that were found."""
        try:
            termios.tcsetattr(self.descriptor, termios.TCSANOW, self.modes)
        except termios.error:
            return

    def copy_size(self, other: int) -> None:
        """Give the other terminal the size of this one; whoever runs there is told by the kernel."""
        try:
            size = fcntl.ioctl(self.descriptor, termios.TIOCGWINSZ, bytes(_SIZE_BYTES))
            fcntl.ioctl(other, termios.TIOCSWINSZ, size)
        except OSError:
            return

    def read(self) -> bytes:
        """Keys that wait."""
        try:
            keys = os.read(self.descriptor, 1024)
        except BlockingIOError:
            return b""
        except OSError:
            keys = b""
        self.gone = not keys  # in raw mode Ctrl-D is a key like others
        return keys

    def close(self) -> None:
        """Leave it as it was found."""
        self.restore()
        os.close(self.descriptor)


def reopened(descriptor: int, access: int) -> int | None:
    """The same terminal or pipe under a description of our own that does not block; None where none can be.

    To make the given one not block would do so for everybody who shares it, the shell first.
    """
    mode = os.fstat(descriptor).st_mode
    terminal = os.isatty(descriptor)
    if not (terminal or stat.S_ISFIFO(mode)):
        return None
    try:
        path = f"/proc/self/fd/{descriptor}"
        if not os.path.exists(path):
            if not terminal:  # elsewhere /dev/fd gives the same description again
                return None
            path = os.ttyname(descriptor)
        return os.open(path, access | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
