"""The library compiled: which literal stretches to look for, and which patterns may stand where one is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devtool.errors import DevtoolError
from devtool.knowledge import errors, trials
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

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Every literal stretch that is looked for."""
        return tuple(dict.fromkeys((*self._by_anchor, *errors.ANCHORS, *trials.ANCHORS)))

    @cached_property
    def _by_anchor(self) -> dict[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = {}
        for entry in self._library.entries:
            for pattern in entry.patterns:
                candidate = Candidate(
                    entry.id,
                    Template(pattern.text, pattern.start),
                    tuple(map(Template, pattern.near)),
                    tuple(map(Template, pattern.without)),
                    pattern.lines,
                )
                for anchor in candidate.template.anchors:
                    found.setdefault(anchor, []).append(candidate)
        return found

    @cached_property
    def candidates(self) -> tuple[tuple[tuple[Candidate, tuple[bytes, ...]], ...], ...]:
        """For every anchor the patterns that may stand where it does, each with words it needs beside it."""
        return tuple(
            tuple((each, _beside(each, anchor)) for each in self._by_anchor.get(anchor, ()))
            for anchor in self.anchors
        )

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


def _beside(candidate: Candidate, anchor: str) -> tuple[bytes, ...]:
    return tuple(word for word in candidate.template.words if word not in anchor.encode())
