"""The library compiled: which literal stretches to look for, and which patterns may stand where one is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devtool.errors import DevtoolError
from devtool.knowledge import errors, trials
from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import Library
from devtool.knowledge.pattern import Template


@dataclass(frozen=True)
class Candidate:
    """One pattern of one failure."""

    failure: str
    template: Template
    near: tuple[Template, ...]
    without: tuple[Template, ...]
    lines: int


class Matcher:
    """The compiled library. One serves any number of scanners, one after the other."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._candidates: dict[int, tuple[tuple[Candidate, tuple[bytes, ...]], ...]] = {}

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Every literal stretch that is looked for."""
        return tuple(dict.fromkeys((*self._by_anchor, *errors.ANCHORS, *trials.ANCHORS)))

    @cached_property
    def _by_anchor(self) -> dict[str, list[tuple[str, Pattern]]]:
        found: dict[str, list[tuple[str, Pattern]]] = {}
        for entry in self._library.entries:
            for pattern in entry.patterns:
                for anchor in pattern.anchors or Template(pattern.text).anchors:
                    found.setdefault(anchor, []).append((entry.id, pattern))
        return found

    def candidates(self, number: int) -> tuple[tuple[Candidate, tuple[bytes, ...]], ...]:
        """The patterns that may stand where the anchor does, each with words it needs beside it."""
        known = self._candidates.get(number)
        if known is None:
            # Made when they are wanted: of three thousand patterns a log calls for a few dozen.
            anchor = self.anchors[number]
            made = [_candidate(*each) for each in self._by_anchor.get(anchor, ())]
            known = self._candidates[number] = tuple((each, _beside(each, anchor)) for each in made)
        return known

    @cached_property
    def is_error(self) -> tuple[bool, ...]:
        """For every anchor whether it may stand in an error line."""
        known = set(errors.ANCHORS)
        return tuple(each in known for each in self.anchors)

    @cached_property
    def is_mark(self) -> tuple[bool, ...]:
        """For every anchor whether a test may begin or end where it stands."""
        known = set(trials.ANCHORS)
        return tuple(each in known for each in self.anchors)

    @cached_property
    def _database(self) -> Any:
        try:
            import hyperscan
        except ImportError as error:
            raise DevtoolError(
                f"hyperscan, which looks for failures in logs, cannot be loaded: {error}",
                "install devtool anew, or `python -m pip install --force-reinstall hyperscan` beside it",
            ) from None

        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        expressions = [anchor.encode() for anchor in self.anchors]
        database.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=0,
            literal=True,
        )
        return database

    def hits(self, block: bytes) -> list[tuple[int, int]]:
        """Where anchors end in the block, and which, in order."""
        found: list[tuple[int, int]] = []
        note = found.append

        def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
            note((end, number))

        self._database.scan(block, on_match)
        found.sort()
        return found


def _candidate(failure: str, pattern: Pattern) -> Candidate:
    return Candidate(
        failure,
        Template(pattern.text, pattern.start),
        tuple(map(Template, pattern.near)),
        tuple(map(Template, pattern.without)),
        pattern.lines,
    )


def _beside(candidate: Candidate, anchor: str) -> tuple[bytes, ...]:
    return tuple(word for word in candidate.template.words if word not in anchor.encode())
