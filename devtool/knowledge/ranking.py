"""Which of the failures that were seen is the root cause, which merely followed, which was survived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from devtool.knowledge.library import Entry
from devtool.knowledge.seen import Event, Seen, Sighting

_LAST_LINES = 15
"""A log that ends this soon after what tools retry was cut off there, or gave up."""
_FOLD_LINES = 20
"""An error this soon after another one is its consequence, as far as anybody can tell."""
_CHAIN_LINES = 20
"""So far below what failed do tools name the cause: Cargo's `Caused by:`, chained exceptions."""
_SHOWN_ERRORS = 3


@dataclass(frozen=True)
class Ranked:
    """One known failure over all logs."""

    entry: Entry
    log: int
    """Which log says it first, from 0."""
    sighting: Sighting
    count: int
    follows: str | None = None
    """The failure that it merely followed from."""


@dataclass(frozen=True)
class Folded:
    """One error that nothing known explains."""

    log: int
    event: Event
    folded: int


def rank(entries: Sequence[Entry], logs: Sequence[Seen]) -> list[Ranked]:
    """What the logs show, root causes first: in the order of the logs, warnings and consequences last."""
    found: list[Ranked] = []
    for entry in entries:
        places = [
            (number, sighting)
            for number, seen in enumerate(logs)
            if (sighting := seen.sightings.get(entry.id)) is not None and not _survived(entry, sighting, seen)
        ]
        if places:
            found.append(Ranked(entry, *places[0], sum(sighting.count for _, sighting in places)))
    told = [replace(each, follows=_root(each, found)) for each in found]
    return sorted(told, key=importance)


def importance(ranked: Ranked) -> tuple[bool, bool, int, int]:
    """A key that sorts root causes first."""
    return (ranked.entry.severity != "failure", ranked.follows is not None, *_place(ranked))


def unexplained(logs: Sequence[Seen]) -> list[Folded]:
    """The first error lines of logs that failed, each with the number of those that followed from it."""
    return [
        Folded(number, event, folded)
        for number, seen in enumerate(logs)
        if failed(seen)
        for event, folded in _first_errors(seen.events)
    ]


def failed(seen: Seen) -> bool:
    """Whether the log clearly shows that something failed in the end."""
    if seen.last_success > seen.last_error:
        return False
    gave_up = any(event.kind == "cascade" for event in seen.events)
    return gave_up or (seen.last_error > 0 and seen.lines - seen.last_error <= 2 * _LAST_LINES)


def _survived(entry: Entry, sighting: Sighting, seen: Seen) -> bool:
    """Whether the log shows that it went well in spite of the failure."""
    if seen.last_success > max(seen.last_error, sighting.last_line):
        return True
    if not entry.transient:
        return False
    return seen.last_error < sighting.last_line and seen.lines - sighting.last_line > _LAST_LINES


def _root(each: Ranked, found: Sequence[Ranked]) -> str | None:
    causes = [
        other
        for other in found
        if other.entry.id in each.entry.follows and _precedes(other, each) and other is not each
    ]
    return min(causes, key=_place).entry.id if causes else None


def _precedes(cause: Ranked, each: Ranked) -> bool:
    log, line = _place(each)
    return _place(cause) <= (log, line + _CHAIN_LINES)


def _place(ranked: Ranked) -> tuple[int, int]:
    return ranked.log, ranked.sighting.line


def _first_errors(events: Sequence[Event]) -> list[tuple[Event, int]]:
    """Errors in their order, each with how many stand right below it; consequences only without a cause."""
    errors = [event for event in events if event.kind == "error"] or list(events)
    shown: list[tuple[Event, int]] = []
    last_line = 0
    for event in errors:
        if shown and event.line - last_line <= _FOLD_LINES:
            head, folded = shown[-1]
            told = _telling(head, event)
            # The head of a traceback says nothing that the exception at its end does not.
            shown[-1] = (told, folded + event.count - (told is not head))
        elif len(shown) < _SHOWN_ERRORS:
            shown.append((event, event.count - 1))
        else:
            break
        last_line = event.line
    return shown


def _telling(head: Event, event: Event) -> Event:
    """Of a Python traceback the line that names the exception, which ends it."""
    return event if head.text.startswith("Traceback (most") else head
