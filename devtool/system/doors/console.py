"""The person, as a door: for checking types only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol


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

    def code(self, text: str) -> None:
        """Print what a program will take, every byte of it as it is where no person reads it."""

    def note(self, text: str) -> None:
        """Print one line of progress or advice."""

    def confirm(self, question: str) -> bool:
        """Ask; False at once without a terminal."""

    @property
    def awaits_typing(self) -> bool:
        """Whether standard input is a terminal, which gives nothing until somebody types."""

    @property
    def on_terminal(self) -> bool:
        """Whether standard input and standard output are both a terminal."""

    def incoming(self) -> Iterator[bytes]:
        """Standard input, as it comes. Raises UnreadableError where it cannot be read."""

    def progress(self, text: str) -> AbstractContextManager[None]:
        """Show that something is going on while in the `with` block; nothing without a terminal."""
