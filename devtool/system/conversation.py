"""A program that stays and answers requests, such as `git cat-file --batch`."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from typing import IO, Protocol

from devtool.errors import DevtoolError

_PIECE_BYTES = 65536


class Conversation(Protocol):
    """A program that answers on request."""

    def ask(self, request: bytes) -> None:
        """Write a request."""

    def read_line(self) -> bytes:
        """The next line of the answer, with its end; empty at the end of output."""

    def read(self, count: int) -> bytes:
        """Exactly `count` bytes of the answer; fewer only at the end of output."""

    def pieces(self) -> Iterator[bytes]:
        """All that it prints, as it comes; its input is closed. Raises DevtoolError unless it ends well."""

    def close(self) -> None:
        """End the program."""


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

    def pieces(self) -> Iterator[bytes]:
        assert self._child.stderr is not None
        self._in.close()
        said: list[bytes] = []
        # Beside: it may say more than a pipe holds before it prints another byte.
        listener = threading.Thread(target=_listen, args=(self._child.stderr, said), daemon=True)
        listener.start()
        while piece := self._out.read1(_PIECE_BYTES):  # type: ignore[attr-defined]  # buffered
            yield piece
        status = self._child.wait()
        listener.join(1.0)
        if status != 0:
            told = b"".join(said).decode("utf-8", "replace").strip().splitlines()
            program = str(self._child.args[0])  # type: ignore[index]  # ours are lists
            ending = f"was ended by signal {-status}" if status < 0 else f"exited with status {status}"
            raise DevtoolError(f"`{program}` {ending}" + (f": {told[0]}" if told else ""))

    def close(self) -> None:
        self._finish(self._child)


def _listen(stream: IO[bytes], said: list[bytes]) -> None:
    """Keep the first words, and let the rest go by."""
    with contextlib.suppress(OSError, ValueError):  # closed: whoever read the output wanted no more of it
        while chunk := stream.read(_PIECE_BYTES):
            if not said:
                said.append(chunk)
