"""Compilers: the majors the checkout accepts, narrowed to those its Conan knows."""

from __future__ import annotations

import re

from devtool.adapters.versions import compare
from devtool.model.requirement import Requirement
from devtool.requirements.profile import LIST
from devtool.requirements.rules.precedence import Case, decide, others, rank, remarks, unknown
from devtool.requirements.statements import Stated

# The newest majors in the default settings of each Conan release (settings.yml):
# any other ends its `install` with "Invalid setting", and the scripts pass the compiler's own.
_SETTINGS: tuple[tuple[str, dict[str, int]], ...] = (
    ("1.58.0", {"gcc": 12, "clang": 16}),
    ("1.61.0", {"gcc": 13, "clang": 16}),
    ("1.64.1", {"gcc": 13, "clang": 17}),
    ("1.66.0", {"gcc": 14, "clang": 17}),
    ("2.25.1", {"gcc": 15, "clang": 21}),
)
_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_MOST = 100


def settle_compiler(case: Case) -> Requirement:
    """The accepted majors, newest first, as far as they are bounded."""
    winner, losers = rank(case)
    if winner is None:
        return decide(case, None, losers)
    conan = case.settled.get("conan")
    limit = _limit(conan, case.need.compiler)
    stated = _majors(winner.value) if winner.specifier == LIST else _one(winner.value)
    if not stated:
        return decide(case, winner, losers)
    newest = max(stated)
    if winner.specifier != LIST and winner.specifier.startswith(">="):
        stated = list(range(max(newest, limit or 0), newest - 1, -1))
    accepted = [major for major in sorted(set(stated), reverse=True) if limit is None or major <= limit]
    notes = remarks(case)
    if limit is not None and conan is not None and (refused := sorted(set(stated) - set(accepted))):
        named = ", ".join(map(str, refused))
        pinned = (conan.specifier or "").removeprefix("==")
        why = f"Conan {pinned} does not know {case.need.compiler} {named} ({conan.source})"
        if not accepted:
            conflict = (
                f"inconsistent checkout: {winner.source} asks for {case.need.compiler} {named}, but {why}"
            )
            case.conflicts.append(conflict)
            return unknown(case, conflict, [winner, *losers])
        notes = (f"{winner.source} also accepts {named}, but {why}", *notes)
    open_ended = limit is None and winner.specifier != LIST and winner.specifier.startswith(">=")
    return Requirement(
        tool=case.need.tool,
        specifier=winner.specifier if open_ended else _specifier(accepted),
        confidence=winner.confidence,
        source=winner.source,
        also=others(winner, [line for line in losers if _differs(line, set(stated))]),
        notes=notes,
        accepted=None if open_ended else tuple(accepted),
    )


def _limit(conan: Requirement | None, compiler: str | None) -> int | None:
    """The newest major that the pinned Conan knows; None when it is not pinned, or older than we know."""
    if conan is None or compiler is None or not (conan.specifier or "").startswith("=="):
        return None
    version = (conan.specifier or "").removeprefix("==")
    known = [limits for release, limits in _SETTINGS if (compare(release, version) or 0) <= 0]
    return known[-1][compiler] if known else None


def _differs(line: Stated, stated: set[int]) -> bool:
    """Whether a weaker statement says something else; what is only inferred from a base image does not."""
    if line.confidence == "inferred":
        return False
    return (
        set(_majors(line.value)) != stated if line.specifier == LIST else not set(_one(line.value)) <= stated
    )


def _majors(value: str) -> list[int]:
    found: list[int] = []
    for low, high in _RANGE.findall(value):
        first, last = int(low), int(high or low)
        found += range(first, last + 1) if first <= last < _MOST else []
    return found


def _one(value: str) -> list[int]:
    leading = re.match(r"\d{1,2}(?!\d)", value)
    return [int(leading[0])] if leading else []


def _specifier(majors: list[int]) -> str:
    low, high = min(majors), max(majors)
    if low == high:
        return f"=={low}.*"
    gaps = [f"!={major}.*" for major in range(low, high) if major not in majors]
    return ",".join([f">={low}", f"<{high + 1}", *gaps])
