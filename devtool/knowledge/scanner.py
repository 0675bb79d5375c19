"""Reading a log once, in constant memory, and noting every line that says a known failure or an error.

Two steps. All literal stretches of all patterns are looked for at once, in
whole blocks, by Hyperscan (https://intel.github.io/hyperscan/). Only around
what it finds are lines cut out, made plain and held against the pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from devtool.knowledge import errors
from devtool.knowledge.lines import ESCAPES, plain, quotes
from devtool.knowledge.matcher import Candidate, Matcher
from devtool.knowledge.pattern import WRAP, Template

BLOCK_BYTES = 1 << 20
_CONTEXT_BYTES = 32 * 1024
"""Kept on both sides of what is being judged, for excerpts and for texts that must stand near."""
_HALF_LINE = 1000
"""Of a longer line only this much on either side of what was found is read."""
_ATTEMPTS = 8
"""How often a pattern is tried in one line: a line may hold the same stretch a million times."""
_ESCAPE_BYTES = 256
_BEFORE, _AFTER = 2, 4
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


class Scanner:
    """Reads one log, piece by piece."""

    def __init__(self, matcher: Matcher, on_sighting: Callable[[Sighting], None] | None = None) -> None:
        self._matcher = matcher
        self._on_sighting = on_sighting
        self._block = b""
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._judged = 0
        self._line = 1
        """Number of the line that `_counted` lies in."""
        self._counted = 0
        self._cut = b""
        self._events: dict[str, Event] = {}
        self._tried_line = 0
        self._tried: dict[int, int] = {}
        """How often each anchor was found in that line."""
        self.seen = Seen()

    def feed(self, data: bytes) -> None:
        """Take the next piece of the log."""
        for begin in range(0, len(data), BLOCK_BYTES):
            piece = data[begin : begin + BLOCK_BYTES]
            self._pending.append(piece)
            self._pending_bytes += len(piece)
            if self._pending_bytes >= BLOCK_BYTES:
                self._take()
                self._judge(len(self._block) - _CONTEXT_BYTES)

    def settle(self) -> None:
        """Judge every whole line that came so far, with what stands behind it not being known yet."""
        self._take()
        self._judge(self._block.rfind(b"\n") + 1)

    def finish(self) -> Seen:
        """Judge what is left and give all that was seen."""
        self._take()
        self._block += self._cut
        self._judge(len(self._block))
        self._count(len(self._block))
        ended = self._block.endswith(b"\n") or not self._block
        self.seen.lines = self._line - 1 if ended else self._line
        return self.seen

    def _take(self) -> None:
        """Move pending bytes into the block, without escape sequences."""
        data = self._cut + b"".join(self._pending)
        self._cut = b""
        self._pending, self._pending_bytes = [], 0
        if b"\x1b" in data:
            last = data.rfind(b"\x1b", max(0, len(data) - _ESCAPE_BYTES))
            if last >= 0 and not _whole(data[last:]):
                data, self._cut = data[:last], data[last:]
            data = ESCAPES.sub(b"", data)
        self._forget()
        self._block += data

    def _forget(self) -> None:
        """Drop what is judged and no longer needed as context."""
        useless = self._judged - _CONTEXT_BYTES
        if useless <= 0:
            return
        self._count(useless)
        self._block = self._block[useless:]
        self._judged -= useless
        self._counted = 0

    def _count(self, offset: int) -> int:
        """The number of the line at the offset; offsets come in order."""
        if offset > self._counted:
            self._line += self._block.count(b"\n", self._counted, offset)
            self._counted = offset
        return self._line

    def _judge(self, end: int) -> None:
        """Judge every anchor that ends behind what is judged and not behind `end`."""
        if end <= self._judged:
            return
        # An anchor may begin before what is judged and end in what is new.
        begin = max(0, self._judged - _HALF_LINE)
        for offset, number in self._matcher.hits(self._block[begin:end]):
            if begin + offset > self._judged:
                self._look(begin + offset, number)
        self._judged = end

    def _look(self, offset: int, number: int) -> None:
        line = self._count(offset - 1)
        if line != self._tried_line:
            self._tried_line, self._tried = line, {}
        self._tried[number] = self._tried.get(number, 0) + 1
        if self._tried[number] > _ATTEMPTS:
            return
        start, end = self._line_around(offset - 1)
        text = plain(self._block[start:end])
        for candidate in self._matcher.candidates[number]:
            self._try(candidate, text, start, end)
        if self._matcher.is_error[number]:
            self._note_error(text, start, end)

    def _line_around(self, offset: int) -> tuple[int, int]:
        """Where the line that the offset lies in begins and ends; of progress by `\\r` one state of it."""
        low, high = max(0, offset - _HALF_LINE), min(len(self._block), offset + _HALF_LINE)
        start = max(self._block.rfind(b"\n", low, offset), self._block.rfind(b"\r", low, offset)) + 1
        ends = [
            each for each in (self._block.find(mark, offset, high) for mark in (b"\n", b"\r")) if each >= 0
        ]
        return max(start, low), min(ends, default=high)

    def _neighbours(self, start: int, end: int, before: int, after: int) -> tuple[list[bytes], list[bytes]]:
        """Lines before and after a line, nearest last and first."""
        above: list[bytes] = []
        while len(above) < before and start > 0:
            stop = start - 1
            low = max(0, stop - _HALF_LINE)
            start = max(self._block.rfind(b"\n", low, stop) + 1, low)
            above.insert(0, self._block[start:stop])
            if start == low:  # further up is the rest of a long line, or nothing
                break
        below: list[bytes] = []
        end += self._block[end : end + 2] == b"\r\n"
        while len(below) < after and end + 1 < len(self._block):
            begin = end + 1
            stop = self._block.find(b"\n", begin, begin + _HALF_LINE)
            stop = stop if stop >= 0 else min(begin + _HALF_LINE, len(self._block))
            below.append(self._block[begin:stop])
            end = stop
        return above, below

    def _try(self, candidate: Candidate, text: str, start: int, end: int) -> None:
        found = candidate.template.regex.search(text)
        if found is not None and quotes(text, found.start()):
            return
        if found is None and not self._wraps(candidate.template, text, start, end):
            return
        if (candidate.near or candidate.without) and not self._context_fits(candidate, text, start, end):
            return
        self._note(candidate.failure, start, end)

    def _wraps(self, template: Template, text: str, start: int, end: int) -> bool:
        """Whether the text stands there broken over two or three lines."""
        above, below = self._neighbours(start, end, 0 if template.start else 1, 2)
        before, after = list(map(plain, above)), list(map(plain, below))
        for lines in ([text, *after], [*before, text, *after[:1]]):
            joined = WRAP.join(line.strip() for line in lines)
            found = template.regex.search(joined)
            if found is not None and not quotes(joined, found.start()):
                return True
        return False

    def _context_fits(self, candidate: Candidate, text: str, start: int, end: int) -> bool:
        above, below = self._neighbours(start, end, candidate.lines, candidate.lines)
        around = [*map(plain, above), text, *map(plain, below)]

        def stands(templates: Sequence[Template]) -> bool:
            return any(template.regex.search(line) for line in around for template in templates)

        return (not candidate.near or stands(candidate.near)) and not stands(candidate.without)

    def _note(self, failure: str, start: int, end: int) -> None:
        line = self._tried_line
        known = self.seen.sightings.get(failure)
        if known is not None:
            known.count += known.last_line != line
            known.last_line = line
            return
        excerpt, first = self._excerpt(start, end, line)
        sighting = Sighting(failure, line, excerpt, first, last_line=line)
        self.seen.sightings[failure] = sighting
        if self._on_sighting is not None:
            self._on_sighting(sighting)

    def _note_error(self, text: str, start: int, end: int) -> None:
        kind = errors.kind(text)
        if kind is None:
            return
        line = self._tried_line
        if kind == "success":
            self.seen.last_success = line
            return
        self.seen.last_error = line
        known = self._events.get(said := errors.mask(text))
        if known is not None:
            known.count += known.last_line != line
            known.last_line = line
        elif len(self._events) < _EVENTS:
            event = Event(line, kind, text.strip(), *self._excerpt(start, end, line), last_line=line)
            self._events[said] = event
            self.seen.events.append(event)

    def _excerpt(self, start: int, end: int, line: int) -> tuple[tuple[str, ...], int]:
        above, below = self._neighbours(start, end, _BEFORE, _AFTER)
        lines = (*above, self._block[start:end], *below)
        return tuple(raw.decode("utf-8", "replace") for raw in lines), line - len(above)


def _whole(escape: bytes) -> bool:
    """Whether an escape sequence that begins here also ends here."""
    found = ESCAPES.match(escape)
    return found is not None and len(found[0]) > 1 and (found.end() < len(escape) or escape[1:2] != b"]")
