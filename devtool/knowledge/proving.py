"""Holding knowledge against its own examples: each failure is named where it should be, and only there."""

from __future__ import annotations

from collections.abc import Iterable

from devtool.knowledge.failure import KnownFailure
from devtool.knowledge.library import Library
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.ranking import rank
from devtool.knowledge.scanner import Scanner


def named(log: bytes, library: Library, matcher: Matcher) -> list[str]:
    """The ids of the failures that a log shows, the root cause first."""
    scanner = Scanner(matcher)
    scanner.feed(log)
    return [each.entry.id for each in rank(library.entries, [scanner.finish()])]


def faults(failure: KnownFailure, library: Library, matcher: Matcher) -> list[str]:
    """What is wrong with a failure's examples when the whole library reads them, one sentence each."""
    found: list[str] = []
    for number, sample in enumerate(failure.examples, 1):
        ids = named(sample.log.encode(), library, matcher)
        wanted = sample.primary or failure.id
        if failure.id not in ids:
            found.append(f"example {number} is not recognised")
        elif ids[0] != wanted:
            found.append(f"example {number} should have the root cause `{wanted}`, and has `{ids[0]}`")
        if sample.found and set(ids) != {failure.id, *sample.found}:
            found.append(
                f"example {number} names {_list(ids)} in place of {_list({failure.id, *sample.found})}"
            )
    for number, sample in enumerate(failure.counterexamples, 1):
        ids = named(sample.log.encode(), library, matcher)
        if set(ids) != set(sample.found):
            found.append(f"counterexample {number} names {_list(ids)} in place of {_list(sample.found)}")
    return found


def false_alarms(failure: KnownFailure, others: Iterable[KnownFailure], matcher: Matcher) -> list[str]:
    """The examples of other failures that the failure's patterns would name, as `id, example N`.

    `matcher` knows the failure alone.
    """
    return [
        f"{other.id}, {kind} {number}"
        for other in others
        if other.id != failure.id
        for kind, samples in (("example", other.examples), ("counterexample", other.counterexamples))
        for number, sample in enumerate(samples, 1)
        if _shows(sample.log, failure.id, matcher)
    ]


def _shows(log: str, failure_id: str, matcher: Matcher) -> bool:
    scanner = Scanner(matcher)
    scanner.feed(log.encode())
    return failure_id in scanner.finish().sightings


def _list(ids: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(ids)) or "nothing"
