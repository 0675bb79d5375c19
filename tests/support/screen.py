"""A person at a terminal: starts a program on it, types, reads, changes its size."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType


class Screen:
    """A terminal with a program in front; `redirected` says which of its streams are something else."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        redirected: Mapping[str, int] | None = None,
    ) -> None:
        self._master, self._slave = os.openpty()
        self.resize(rows, columns)
        self.shown = b""
        self._expected = 0
        streams = {name: (redirected or {}).get(name, self._slave) for name in ("stdin", "stdout", "stderr")}

        def take_terminal() -> None:
            fcntl.ioctl(self._slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            list(argv),
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=take_terminal,
            pass_fds=[self._slave],
            **streams,
        )

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    @property
    def modes(self) -> list[object]:
        """How the terminal treats keys and output."""
        return list(termios.tcgetattr(self._slave))

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def read(self, timeout_seconds: float = 0.0) -> bytes:
        """What is shown next."""
        if not select.select([self._master], [], [], timeout_seconds)[0]:
            return b""
        piece = os.read(self._master, 65536)
        self.shown += piece
        return piece

    def expect(self, text: str, timeout_seconds: float = 15.0) -> None:
        """Read until the text is shown after what was expected before."""
        deadline = time.monotonic() + timeout_seconds
        wanted = text.encode()
        while wanted not in self.shown[self._expected :]:
            assert time.monotonic() < deadline, (
                f"{text!r} not shown within {timeout_seconds:.0f} s; the screen: {self.shown!r}"
            )
            self.read(0.1)
        self._expected = self.shown.index(wanted, self._expected) + len(wanted)

    def expect_in_front(self, program: str, timeout_seconds: float = 15.0) -> None:
        """Wait until keys reach this program: before that a shell's own child loses them."""
        deadline = time.monotonic() + timeout_seconds
        while self._front() != program:
            assert time.monotonic() < deadline, f"{program} not in front; the screen: {self.shown!r}"
            self.read(0.02)

    def leave(self, timeout_seconds: float = 15.0) -> int:
        """Read on until the program has ended; its status."""
        deadline = time.monotonic() + timeout_seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running; the screen: {self.shown!r}"
            self.read(0.02)
        while self.read(0.05):
            pass
        return int(self.process.returncode)

    def _front(self) -> str:
        argv = ["ps", "-o", "comm=", "-p", str(os.tcgetpgrp(self._master))]
        return subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
