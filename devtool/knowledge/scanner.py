"""Reading a log once, in constant memory, and noting every line that says a known failure or an error.

Two steps. All literal stretches of all patterns are looked for at once, in
whole blocks, by Hyperscan (https://intel.github.io/hyperscan/). Only around
what it finds are lines cut out, made plain and held against the pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from devtool.knowledge import errors
from devtool.knowledge.escapes import Stripper
from devtool.knowledge.lines import plain, quotes
from devtool.knowledge.matcher import Candidate, Matcher
from devtool.knowledge.memory import Memory
from devtool.knowledge.pattern import WRAP, Template
from devtool.knowledge.seen import Seen, Sighting
from devtool.knowledge.trials import Trials
from devtool.knowledge.window import HALF_LINE, Span, Window
from devtool.model.redaction import redact

BLOCK_BYTES = 1 << 20
_CONTEXT_BYTES = 48 * 1024
"""Kept on both sides of what is being judged: the 40 lines in which texts may have to stand near."""
_CHUNK_BYTES = HALF_LINE // 4
"""What an anchor is tried once in: a line may hold the same stretch a million times."""
_SHOWN_BEFORE = 150
"""Of a long line the excerpt begins this much before what was found."""
_WRAPPED_LINES = 3
_ERROR, _MARK = -1, -2
"""Stand for all anchors of errors, and of tests' beginnings and ends, among those that were tried."""
_BEFORE, _AFTER = 2, 4


class Scanner:
    """Reads one log, piece by piece."""

    def __init__(self, matcher: Matcher, on_sighting: Callable[[Sighting], None] | None = None) -> None:
        self._matcher = matcher
        self._on_sighting = on_sighting
        self._window = Window()
        self._stripper = Stripper()
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._judged = 0
        self._place = (-1, -1)
        """The line, or the part of a long one, that is being looked at, by its offset in the whole log."""
        self._start = self._end = self._base = 0
        self._text: str | None = None
        self._tried: set[int] = set()
        """Which anchors were looked at in that place."""
        self._memory = Memory()
        self._known_until = 0
        """Up to where in the whole log the line goes whose verdict was remembered."""
        self.seen = Seen()
        self._trials = Trials(self.seen)

    def feed(self, data: bytes) -> None:
        """Take the next piece of the log."""
        for begin in range(0, len(data), BLOCK_BYTES):
            piece = data[begin : begin + BLOCK_BYTES]
            self._pending.append(piece)
            self._pending_bytes += len(piece)
            if self._pending_bytes >= BLOCK_BYTES:
                self._take()
                self._judge(len(self._window.block) - _CONTEXT_BYTES)

    def settle(self) -> None:
        """Judge every whole line that came so far, with what stands behind it not being known yet."""
        self._take()
        self._judge(self._window.block.rfind(b"\n") + 1)

    def finish(self) -> Seen:
        """Judge what is left and give all that was seen."""
        self._take()
        self._window.extend(self._stripper.finish())
        block = self._window.block
        self._judge(len(block))
        self._tell(self._trials.close())
        last = self._window.line(len(block))
        self.seen.lines = last - 1 if block.endswith(b"\n") or not block else last
        return self.seen

    def _take(self) -> None:
        """Move pending bytes into the window, and out of it what is judged and no longer needed."""
        useless = self._judged - _CONTEXT_BYTES
        if useless > 0:
            self._window.drop(useless)
            self._judged -= useless
        self._window.extend(self._stripper.feed(b"".join(self._pending)))
        self._pending, self._pending_bytes = [], 0

    def _judge(self, end: int) -> None:
        """Judge every anchor that ends behind what is judged and not behind `end`."""
        if end <= self._judged:
            return
        # An anchor may begin before what is judged and end in what is new.
        begin = max(0, self._judged - HALF_LINE)
        for offset, number in self._matcher.hits(self._window.block[begin:end]):
            if begin + offset > self._judged:
                self._look(begin + offset, number)
        self._judged = end

    def _look(self, offset: int, number: int) -> None:
        window = self._window
        if window.dropped + offset <= self._known_until:
            return
        line = window.line(offset - 1)
        place = (window.mark, (window.dropped + offset) // _CHUNK_BYTES)
        if place != self._place:
            self._place, self._text = place, None
            self._start, self._end = window.state(offset - 1)
            self._base = window.dropped
            self._tried.clear()
            if self._recall(line, offset):
                return
        if number in self._tried:
            return
        self._tried.add(number)
        moved = window.dropped - self._base
        span = self._start - moved, self._end - moved
        candidates = self._matcher.candidates(number)
        if candidates:
            reach = window.around(span, _WRAPPED_LINES - 1)
            for candidate, words in candidates:
                if self._stand(words, reach):
                    self._try(candidate, span, line, offset)
        if self._matcher.is_mark[number] and _MARK not in self._tried:
            self._tried.add(_MARK)
            self._memory.forgo()
            self._tell(self._trials.read(self._said(span)))
        if self._matcher.is_error[number] and _ERROR not in self._tried:
            self._tried.add(_ERROR)
            self._note_error(span, line, offset)

    def _recall(self, line: int, offset: int) -> bool:
        """Whether a line of the same words was judged before, and by itself: then this one is judged too."""
        span = self._start, self._end
        raw = self._window.block[slice(*span)]
        begin, end = self._base + self._start, self._base + self._end
        known = self._memory.recall(raw, whole=begin // _CHUNK_BYTES == end // _CHUNK_BYTES)
        if known is None or self._window.is_cut(self._start):
            return False
        for failure in known.failures:
            self._note(failure, span, line, offset)
        if known.kind is not None:
            current = self._trials.current
            current.err(known.kind, line, known.text, lambda: self._excerpt(span, line, offset))
        self._known_until = end
        return True

    def _stand(self, words: Sequence[bytes], reach: Span) -> bool:
        low, high = reach
        find = self._window.block.find
        for word in words:  # noqa: SIM110 - `all` takes thrice as long, and this is the hottest place
            if find(word, low, high) < 0:
                return False
        return True

    def _said(self, span: Span) -> str:
        """The text of the place that is looked at."""
        if self._text is None:
            self._text = self._plain(span)
        return self._text

    def _plain(self, span: Span) -> str:
        text = plain(self._window.block[slice(*span)])
        # The middle of a line is not the beginning of a message.
        return f"\ufffd{text}" if self._window.is_cut(span[0]) else text

    def _try(self, candidate: Candidate, span: Span, line: int, offset: int) -> None:
        text = self._said(span)
        found = candidate.template.regex.search(text)
        if found is not None:
            if not quotes(text, found.start()) and self._context_fits(candidate, text, span):
                self._note(candidate.failure, span, line, offset)
            return
        beginning = self._wrapped(candidate.template, text, span)
        if beginning is not None and self._context_fits(candidate, text, span):
            back, first = beginning
            self._note(candidate.failure, first, line - back, offset if back == 0 else first[0])

    def _wrapped(self, template: Template, text: str, span: Span) -> tuple[int, Span] | None:
        """Where the text begins that stands there broken over lines: how many lines above, and which."""
        self._memory.forgo()
        spans = self._window.above(span[0], _WRAPPED_LINES - 1)
        own = len(spans)
        spans += [span, *self._window.below(span[1], _WRAPPED_LINES - 1)]
        lines = [text.strip() if at == span else self._plain(at).strip() for at in spans]
        for first in range(own, -1, -1):
            part = lines[first : first + _WRAPPED_LINES]
            joined = WRAP.join(part)
            found = template.regex.search(joined)
            # It must begin in the first of the lines and reach beyond it, at least into the one at hand.
            reached = len(WRAP.join(part[: max(own - first, 1)]))
            if found is None or found.start() >= len(part[0]) or found.end() <= reached:
                continue
            if not quotes(joined, found.start()):
                return own - first, spans[first]
        return None

    def _context_fits(self, candidate: Candidate, text: str, span: Span) -> bool:
        if not candidate.near and not candidate.without:
            return True
        self._memory.forgo()
        reach = self._window.around(span, candidate.lines)
        near = [each for each in candidate.near if self._stand(each.words, reach)]
        without = [each for each in candidate.without if self._stand(each.words, reach)]
        if (candidate.near and not near) or not (near or without):
            return not candidate.near
        above = self._window.above(span[0], candidate.lines)
        below = self._window.below(span[1], candidate.lines)
        around = [*map(self._plain, above), text, *map(self._plain, below)]

        def stands(templates: Sequence[Template]) -> bool:
            return any(template.regex.search(line) for line in around for template in templates)

        return (not candidate.near or stands(near)) and not stands(without)

    def _note(self, failure: str, span: Span, line: int, offset: int) -> None:
        self._memory.failed(failure)
        fresh = self._trials.current.sight(failure, line, lambda: self._excerpt(span, line, offset))
        if fresh is not None and self._trials.current is self.seen:
            self._tell([fresh])

    def _note_error(self, span: Span, line: int, offset: int) -> None:
        text = self._said(span)
        kind = errors.kind(text)
        if kind is not None:
            self._memory.erred(kind, text)
            self._trials.current.err(kind, line, text, lambda: self._excerpt(span, line, offset))

    def _tell(self, fresh: Sequence[Sighting]) -> None:
        if self._on_sighting is not None:
            for sighting in fresh:
                self._on_sighting(sighting)

    def _excerpt(self, span: Span, line: int, offset: int) -> tuple[tuple[str, ...], int]:
        block = self._window.block
        above, below = self._window.above(span[0], _BEFORE), self._window.below(span[1], _AFTER)
        meant = block[slice(*span)].decode("utf-8", "replace")
        is_cut = self._window.is_cut(span[0])
        if offset - span[0] > 2 * _SHOWN_BEFORE:
            # Masked before it is cut: half a secret is not recognised.
            meant, behind = redact(meant), redact(block[offset : span[1]].decode("utf-8", "replace"))
            meant, is_cut = meant[max(0, len(meant) - len(behind) - _SHOWN_BEFORE) :], True
        if is_cut:
            meant = "…" + meant.lstrip("\ufffd")
        raw = [block[slice(*each)].decode("utf-8", "replace") for each in (*above, *below)]
        return (*raw[: len(above)], meant, *raw[len(above) :]), line - len(above)
