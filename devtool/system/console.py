"""The terminal, as a door: results on stdout, progress and questions on stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Console(Protocol):
    """What the rest of devtool may say and ask."""

    @property
    def interactive(self) -> bool:
        """Whether a person can answer: stdin and stderr are terminals, and this is not CI."""

    @property
    def colour(self) -> bool:
        """Whether results may carry colour."""

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""

    def result(self, text: str) -> None:
        """Print a result, with a line end."""

    def note(self, text: str) -> None:
        """Print one line of progress or advice."""

    def confirm(self, question: str) -> bool:
        """Ask; False at once without a terminal."""

    def progress(self, text: str) -> AbstractContextManager[None]:
        """Show that something is going on while in the `with` block; nothing without a terminal."""


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
        return shutil.get_terminal_size((80, 24)).columns

    def result(self, text: str) -> None:
        sys.stdout.write(_printable(text, sys.stdout.encoding) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        sys.stderr.write(_printable(text, sys.stderr.encoding) + "\n")
        sys.stderr.flush()

    def confirm(self, question: str) -> bool:
        if not self.interactive:
            return False
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    @contextmanager
    def progress(self, text: str) -> Iterator[None]:
        if not sys.stderr.isatty() or self._env.get("CI") or self._env.get("TERM") == "dumb":
            yield
            return
        from rich.console import Console as RichConsole

        with RichConsole(stderr=True, no_color=bool(self._env.get("NO_COLOR"))).status(text):
            yield


def _printable(text: str, encoding: str | None) -> str:
    """`text` without what would stop or steer the terminal."""
    safe = "".join(c if c.isprintable() or c in "\n\t\x1b" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return safe.encode(encoding or "utf-8", "replace").decode(encoding or "utf-8", "replace")
