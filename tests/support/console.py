"""A terminal that remembers what was said and answers as told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class FakeConsole:
    interactive: bool = False
    colour: bool = False
    width: int = 80
    answers: list[bool] = field(default_factory=list)
    """What the person says to each question, in order; a question too many fails the test."""
    results: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    awaits_typing: bool = False
    on_terminal: bool = False
    typed: tuple[bytes, ...] = ()
    """What comes through standard input, piece by piece."""

    def result(self, text: str) -> None:
        self.results.append(text)

    def code(self, text: str) -> None:
        self.results.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def confirm(self, question: str) -> bool:
        if not self.interactive:
            return False
        assert len(self.questions) < len(self.answers), f"unforeseen question: {question}"
        self.questions.append(question)
        return self.answers[len(self.questions) - 1]

    def incoming(self) -> Iterator[bytes]:
        yield from self.typed

    @contextlib.contextmanager
    def progress(self, text: str) -> Iterator[None]:
        yield
