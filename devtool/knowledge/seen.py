"""What was read out of one log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from devtool.knowledge import errors

_EVENTS = 400
"""Error lines that are kept; the first ones matter."""


@dataclass
class Sighting:
    """One known failure in one log."""

    id: str
    line: int
    """Where it is said first, from 1."""
    excerpt: tuple[str, ...]
    first_line: int
    count: int = 1
    last_line: int = 0


@dataclass
class Event:
    """One error line, known or not."""

    line: int
    kind: errors.Kind
    text: str
    excerpt: tuple[str, ...]
    first_line: int
    count: int = 1
    last_line: int = 0


@dataclass
class Seen:
    """What was read out of one log."""

    sightings: dict[str, Sighting] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    """The first error lines, each saying something else."""
    lines: int = 0
    last_error: int = 0
    """The last line that says an error, 0 where none does."""
    last_success: int = 0
    """The last line that says that all went well, 0 where none does."""
    _said: dict[str, Event] = field(default_factory=dict)

    def sight(
        self, failure: str, line: int, excerpt: Callable[[], tuple[tuple[str, ...], int]]
    ) -> Sighting | None:
        """Note that a line says a failure; the sighting where it is the first, which alone has an excerpt."""
        known = self.sightings.get(failure)
        if known is not None:
            known.count += known.last_line != line
            known.last_line = line
            return None
        lines, first = excerpt()
        return self.sightings.setdefault(failure, Sighting(failure, line, lines, first, last_line=line))

    def err(
        self, kind: errors.Kind, line: int, text: str, excerpt: Callable[[], tuple[tuple[str, ...], int]]
    ) -> None:
        """Note that a line says an error, or that all went well."""
        if kind == "success":
            self.last_success = line
            return
        self.last_error = line
        said = errors.mask(text)
        known = self._said.get(said)
        if known is not None:
            known.count += known.last_line != line
            known.last_line = line
        elif len(self._said) < _EVENTS:
            lines, first = excerpt()
            self._add(said, Event(line, kind, text.strip(), lines, first, last_line=line))

    def take_over(self, other: Seen) -> list[Sighting]:
        """Add what was noted apart; the sightings that are the first of their failure."""
        fresh: list[Sighting] = []
        for failure, sighting in other.sightings.items():
            known = self.sightings.setdefault(failure, sighting)
            if known is sighting:
                fresh.append(sighting)
            else:
                first = min(known, sighting, key=lambda each: each.line)
                self.sightings[failure] = replace(
                    first,
                    count=known.count + sighting.count,
                    last_line=max(known.last_line, sighting.last_line),
                )
        for said, event in other._said.items():
            if said not in self._said and len(self._said) < _EVENTS:
                self._add(said, event)
        self.last_error = max(self.last_error, other.last_error)
        self.last_success = max(self.last_success, other.last_success)
        return fresh

    def _add(self, said: str, event: Event) -> None:
        self._said[said] = event
        self.events.append(event)
