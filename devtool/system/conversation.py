"""A program that stays and answers requests, such as `git cat-file --batch`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable


class RealConversation:
    """A child behind two pipes; `finish` ends it."""

    def __init__(
        self, child: subprocess.Popen[bytes], finish: Callable[[subprocess.Popen[bytes]], None]
    ) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._child, self._in, self._out, self._finish = child, child.stdin, child.stdout, finish

    def ask(self, request: bytes) -> None:
        try:
            self._in.write(request)
            self._in.flush()
        except BrokenPipeError:  # the program ended: the next read says so
            return

    def read_line(self) -> bytes:
        return self._out.readline()

    def read(self, count: int) -> bytes:
        return self._out.read(count)

    def close(self) -> None:
        self._finish(self._child)
