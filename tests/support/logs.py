"""Small libraries of failures, and logs held against them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import Entry, gather
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.scanner import Scanner
from devtool.knowledge.seen import Seen


def entry(failure_id: str, *patterns: str | Pattern, **fields: Any) -> Entry:
    """A failure with these patterns."""
    given = tuple(Pattern(each) if isinstance(each, str) else each for each in patterns)
    return Entry(
        failure_id,
        fields.get("severity", "failure"),
        given,
        tuple(fields.get("follows", ())),
        fields.get("transient", False),
    )


def matcher(*patterns: str | Pattern) -> Matcher:
    """A library of one failure, `known`."""
    return Matcher(gather([entry("known", *patterns)], ()))


def scan(compiled: Matcher, log: bytes | str, sizes: Iterable[int] = ()) -> Seen:
    """What is seen in the log when it comes in pieces of these sizes, and the rest at once."""
    data = log.encode() if isinstance(log, str) else log
    scanner = Scanner(compiled)
    for size in sizes:
        scanner.feed(data[:size])
        data = data[size:]
    scanner.feed(data)
    return scanner.finish()


def cut(log: bytes, places: Sequence[int]) -> list[int]:
    """Sizes of the pieces that cuts at these places make."""
    ordered = sorted({place % (len(log) + 1) for place in places})
    return [place - before for before, place in zip([0, *ordered], ordered, strict=False)]
