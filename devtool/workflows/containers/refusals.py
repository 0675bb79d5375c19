"""Why a program of Docker's failed, in one line: by what is known of such failures, else in its own words."""

from __future__ import annotations

from devtool.errors import DevtoolError
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.ranking import rank
from devtool.knowledge.scanner import Scanner
from devtool.model.command import Answer
from devtool.system import System
from devtool.workflows.diagnosing import known

_LONGEST = 240


def refused(system: System, doing: str, answer: Answer, advice: str | None = None) -> DevtoolError:
    """The error for a program that did not do what it was to do; `advice` stands below what is known."""
    if answer.outcome == "absent":
        return DevtoolError(f"cannot {doing}: `{answer.argv[0]}` is not on PATH")
    library = known(system)
    scanner = Scanner(Matcher(library))
    scanner.feed(answer.output.encode())
    ranked = rank(library.entries, [scanner.finish()])
    said = _last_words(answer)
    if not ranked:
        return DevtoolError(f"cannot {doing}: {said}", advice)
    failure = library.failure(ranked[0].entry.id)
    hints = [f"it said: {said}", f"`devtool explain {failure.id}` says what to do", advice]
    return DevtoolError(f"cannot {doing}: {failure.summary}", "\n  ".join(filter(None, hints)))


def _last_words(answer: Answer) -> str:
    lines = [" ".join(line.split()) for line in (answer.stderr.strip() or answer.stdout.strip()).splitlines()]
    said = next((line for line in reversed(lines) if line), "") or answer.describe()
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
