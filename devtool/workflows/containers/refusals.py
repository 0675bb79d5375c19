"""Why a program of Docker's failed, in one line: by what is known of such failures, else in its own words."""

from __future__ import annotations

from devtool.errors import DevtoolError
from devtool.knowledge.lines import shown
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.ranking import rank
from devtool.knowledge.scanner import Scanner
from devtool.model.command import Answer
from devtool.system import System
from devtool.workflows.diagnosing import known

_LONGEST = 240
_COMPOSE_1 = "Encountered errors while bringing up the project."
"""What the first generation says last, whatever went wrong."""


def refused(system: System, doing: str, answer: Answer, advice: str | None = None) -> DevtoolError:
    """The error for a program that did not do what it was to do; `advice` stands below what is known."""
    if answer.outcome == "absent":
        return DevtoolError(f"cannot {doing}: `{answer.argv[0]}` is not on PATH")
    library = known(system)
    scanner = Scanner(Matcher(library))
    scanner.feed(answer.output.encode())
    ranked = rank(library.entries, [scanner.finish()])
    if not ranked:
        return DevtoolError(f"cannot {doing}: {_last_words(answer)}", advice)
    failure, sighting = library.failure(ranked[0].entry.id), ranked[0].sighting
    said = _shortened(sighting.excerpt[sighting.line - sighting.first_line])
    hints = [f"it said: {said}", f"`devtool explain {failure.id}` says what to do", advice]
    return DevtoolError(f"cannot {doing}: {failure.summary}", "\n  ".join(filter(None, hints)))


def _last_words(answer: Answer) -> str:
    lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
    said = [line for line in lines if line.strip() and line.strip() != _COMPOSE_1]
    return _shortened(said[-1]) if said else answer.describe()


def _shortened(text: str) -> str:
    line = " ".join(shown(text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
