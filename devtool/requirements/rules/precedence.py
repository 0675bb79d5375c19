"""The general rule: the most authoritative statement wins, and every other that differs is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from devtool.adapters.versions import compare, newest
from devtool.model.requirement import Requirement, Statement
from devtool.requirements.profile import LIST, Form, Need
from devtool.requirements.statements import Checkout, Stated

_PLAIN = re.compile(r"(?:(?:[<>]=?|[!=]=|~=)\d+(?:\.\d+)*(?:\.\*)?(?:,(?!$)|$))*")


@dataclass(frozen=True)
class Case:
    """One need, the checkout it is read from, and what was settled before it."""

    need: Need
    checkout: Checkout
    settled: Mapping[str, Requirement] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    """Where a rule leaves what it finds irreconcilable."""

    def evidence(self, name: str) -> list[Stated]:
        """Every line of the evidence of that name, most authoritative first."""
        return [line for form in self.need.evidence.get(name, ()) for line in self.checkout.find(form)]


Rule = Callable[[Case], Requirement]


def settle(case: Case) -> Requirement:
    """The requirement by precedence alone."""
    winner, losers = rank(case)
    return decide(case, winner, losers)


def settle_standard(case: Case) -> Requirement:
    """The language standard by precedence, as a number too."""
    made = settle(case)
    number = (made.specifier or "").removeprefix("==")
    return replace(made, standard=int(number)) if number.isdigit() else made


def rank(case: Case, accept: Callable[[Stated], bool] | None = None) -> tuple[Stated | None, list[Stated]]:
    """The statement that wins, and all others in order of rank; only what `accept` lets through may win."""
    winner: Stated | None = None
    everything: list[Stated] = []
    for form in case.need.statements:
        found = case.checkout.find(form)
        everything += found
        if winner is None:
            winner = _spokesman(form, [line for line in found if accept is None or accept(line)])
    return winner, [line for line in everything if line is not winner]


def decide(case: Case, winner: Stated | None, losers: list[Stated]) -> Requirement:
    """The requirement that a winner makes; what no winner means is the need's own to say."""
    if winner is not None and _PLAIN.fullmatch(winner.specifier):
        return Requirement(
            tool=case.need.tool,
            specifier=winner.specifier,
            confidence=winner.confidence,
            source=winner.source,
            also=others(winner, losers),
            notes=remarks(case),
        )
    if winner is not None:
        return unknown(case, f"{winner.source} says `{winner.text[:80]}`, which is not a version", losers)
    if case.need.otherwise == "unneeded":
        return unneeded(case)
    if case.need.otherwise == "any":
        sign = case.checkout.matches(case.need.needed_if)
        source = sign.source if sign else None
        return Requirement(
            case.need.tool, "", "inferred", source, also=others(None, losers), notes=remarks(case)
        )
    looked = dict.fromkeys(path for form in case.need.statements for path in form.paths)
    return unknown(case, f"nothing states it where it used to stand: {', '.join(looked)}", losers)


def unknown(case: Case, why: str, losers: list[Stated] | None = None) -> Requirement:
    """Something should state this need, and nothing readable did."""
    problems = case.checkout.unreadable(case.need.needed_if + case.need.statements)
    return Requirement(
        case.need.tool,
        None,
        "unknown",
        also=others(None, losers or []),
        notes=(*(problems or (why,)), *remarks(case)),
    )


def unneeded(case: Case) -> Requirement:
    """The checkout does without the tool."""
    note = "nothing in this checkout uses it"
    return Requirement(case.need.tool, None, "inferred", needed=False, notes=(note,))


def others(winner: Stated | None, losers: list[Stated]) -> tuple[Statement, ...]:
    """The statements that disagree with the winner, each value once a file."""
    kept: dict[tuple[str, str], Statement] = {}
    for line in losers:
        if line.value and not (winner is not None and _agrees(line, winner)):
            kept.setdefault((line.value, line.path), Statement(line.value, line.source))
    return tuple(kept.values())


def remarks(case: Case) -> tuple[str, ...]:
    """The notes for which the checkout gives occasion."""
    find = case.checkout.matches
    return tuple(
        note.text
        for note in case.need.notes
        if (not note.when or find(note.when)) and not (note.unless and find(note.unless))
    )


def _agrees(line: Stated, winner: Stated) -> bool:
    """Whether both say the same; a place that installs a version agrees with a lower bound it meets."""
    if line.value == winner.value or compare(line.value, winner.value) == 0:
        return True
    installs = line.specifier.startswith("==") and winner.specifier.startswith(">=")
    return installs and (compare(line.value, winner.value) or 0) > 0


def _spokesman(form: Form, found: list[Stated]) -> Stated | None:
    values = {line.value for line in found}
    if not found or (form.among == "unanimous" and len(values) > 1):
        return None
    if form.among == "highest" and form.specifier != LIST:
        best = newest(tuple(values))
        return next((line for line in found if line.value == best), found[0])
    return found[0]
