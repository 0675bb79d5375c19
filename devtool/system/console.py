"""The terminal, as a door: results on stdout, progress and questions on stderr."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from devtool.system.invocation import as_typed
from devtool.system.pieces import incoming

if TYPE_CHECKING:
    pass


# The file door explains these for files, so one that comes through bare is an output's.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


class RealConsole:
    """This process's terminal."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    @property
    def interactive(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty() and not self._env.get("CI")

    @property
    def colour(self) -> bool:
        """Whether results may carry colour. https://no-color.org, https://force-color.org"""
        if self._env.get("NO_COLOR"):
            return False
        if self._env.get("FORCE_COLOR") or self._env.get("CLICOLOR_FORCE"):
            return True
        return sys.stdout.isatty() and self._env.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        import shutil  # 2 ms, and only text asks

        return shutil.get_terminal_size((80, 24)).columns

    def result(self, text: str) -> None:
        _write(sys.stdout, text + "\n", self.colour)

    def code(self, text: str) -> None:
        if sys.stdout.isatty():
            self.result(text.replace("\r\n", "\n"))  # a person looks at it
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(text + "\n"))
        sys.stdout.buffer.flush()

    def note(self, text: str) -> None:
        say(text + "\n", self.colour)

    def confirm(self, question: str) -> bool:
        if not self.interactive:
            return False
        say(f"{question} [y/N] ")
        try:
            return sys.stdin.readline().strip().lower() in ("y", "yes")
        except UnicodeDecodeError:
            return False

    @property
    def awaits_typing(self) -> bool:
        return sys.stdin.isatty()

    @property
    def on_terminal(self) -> bool:
        return sys.stdin.isatty() and sys.stdout.isatty()

    def incoming(self) -> Iterator[bytes]:
        return incoming()

    @contextmanager
    def progress(self, text: str) -> Iterator[None]:
        if not sys.stderr.isatty() or self._env.get("CI") or self._env.get("TERM") == "dumb":
            yield
            return
        from rich.console import Console as RichConsole

        with RichConsole(stderr=True, no_color=bool(self._env.get("NO_COLOR"))).status(text):
            yield


def say(text: str, styled: bool = False) -> None:
    """Write to stderr; one that takes nothing any more costs the words, not the work."""
    try:
        _write(sys.stderr, text, styled)
    except OSError:
        _let_go(sys.stderr)


def open_missing_streams() -> None:
    """Give what the caller closed of stdin, stdout and stderr an end that takes all and gives nothing.

    Else the next file opened would get its number, and every program we start would write into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest free number, as these are in order
            os.set_inheritable(descriptor, True)
            assert descriptor == number
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))


def undelivered(error: Exception) -> str | None:
    """Why stdout took no more, where that is what `error` says; nothing more is sent to it then."""
    if not isinstance(error, OSError) or error.errno not in _FULL or error.filename is not None:
        return None
    _let_go(sys.stdout)
    return (error.strerror or str(error)).lower()


def leave(status: int) -> None:
    """End this process without taking the interpreter apart, which takes a tenth of what an exec takes.

    Comes back where something that was printed cannot be delivered.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(status)


def drop_stdout() -> None:
    """Send what is still buffered for a reader that has gone nowhere."""
    _let_go(sys.stdout)


def _write(stream: TextIO, text: str, styled: bool) -> None:
    stream.write(_printable(as_typed(text), stream.encoding, styled))
    stream.flush()


def _let_go(stream: TextIO) -> None:
    """Send what is still buffered nowhere: the interpreter would complain again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _printable(text: str, encoding: str | None, styled: bool) -> str:
    """`text` without what would stop or steer the terminal; colours where they are wanted."""
    pieces = _STYLE.split(text)  # every second one is a colour
    safe = "".join(
        (piece if styled else "") if number % 2 else "".join(map(_shown, piece))
        for number, piece in enumerate(pieces)
    )
    return safe.encode(encoding or "utf-8", "replace").decode(encoding or "utf-8", "replace")


def _shown(character: str) -> str:
    return character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
