"""The stretch of a log that is held in memory: its lines, their numbers and their neighbours."""

from __future__ import annotations

HALF_LINE = 1000
"""Of a longer line only this much on either side of what was found is read."""

Span = tuple[int, int]
"""Where something begins and ends in the window's block."""


class Window:
    """A block of a log that moves on. Line numbers are asked for in order."""

    def __init__(self) -> None:
        self.block = b""
        self.dropped = 0
        """How many bytes stood before the block."""
        self.mark = 0
        """Where, in the whole log, the line or the state of progress begins that was asked for last."""
        self._line = 1
        self._counted = 0

    def extend(self, data: bytes) -> None:
        """Add what comes next."""
        self.block = self.block + data if self.block else data

    def drop(self, count: int) -> None:
        """Forget the first bytes."""
        self.line(count)
        self.block = self.block[count:]
        self.dropped += count
        self._counted -= count

    def line(self, offset: int) -> int:
        """The number of the line at the offset, from 1; no offset may lie before the one asked for last."""
        if offset > self._counted:
            newlines = self.block.count(b"\n", self._counted, offset)
            self._line += newlines
            broken = self.block.rfind(b"\r", self._counted, offset)
            if newlines:
                broken = max(broken, self.block.rfind(b"\n", self._counted, offset))
            if broken >= 0:
                self.mark = self.dropped + broken + 1
            self._counted = offset
        return self._line

    def state(self, offset: int) -> Span:
        """The line at the offset; of progress by `\\r` one state of it, of a long line what stands near."""
        low, high = max(0, offset - HALF_LINE), min(len(self.block), offset + HALF_LINE)
        start = max(self.block.rfind(b"\n", low, offset), self.block.rfind(b"\r", low, offset)) + 1
        end = self.block.find(b"\n", offset, high)
        end = high if end < 0 else end
        carriage = self.block.find(b"\r", offset, end)
        return max(start, low), end if carriage < 0 else carriage

    def around(self, span: Span, lines: int) -> Span:
        """From where to where a state and so many lines on either side of it stand at most."""
        low, high = span
        for _ in range(lines + 1):
            bound = max(0, low - HALF_LINE - 1)
            low = max(self.block.rfind(b"\n", bound, max(0, low - 1)), bound)
            bound = high + HALF_LINE + 1
            high = self.block.find(b"\n", high + 1, bound)
            high = bound if high < 0 else high
        return low, high

    def is_cut(self, start: int) -> bool:
        """Whether a state that begins there is the rest of a longer one."""
        return self.dropped + start > 0 and self.block[max(0, start - 1) : start] not in (b"\n", b"\r")

    def above(self, start: int, count: int) -> list[Span]:
        """Lines before the one that holds `start`, the nearest last."""
        spans: list[Span] = []
        newline = self.block.rfind(b"\n", max(0, start - HALF_LINE), start)
        while newline >= 0 and len(spans) < count:
            low = max(0, newline - HALF_LINE)
            before = self.block.rfind(b"\n", low, newline)
            spans.append(self._last_state(low if before < 0 else before + 1, newline))
            newline = before
        return spans[::-1]

    def below(self, end: int, count: int) -> list[Span]:
        """Lines after the one that holds `end`, the nearest first."""
        spans: list[Span] = []
        newline = self.block.find(b"\n", end, end + HALF_LINE)
        while 0 <= newline < len(self.block) - 1 and len(spans) < count:
            begin = newline + 1
            newline = self.block.find(b"\n", begin, begin + HALF_LINE)
            stop = newline if newline >= 0 else min(begin + HALF_LINE, len(self.block))
            spans.append(self._last_state(begin, stop))
        return spans

    def _last_state(self, begin: int, stop: int) -> Span:
        while stop > begin and self.block[stop - 1] == 13:  # `\r`
            stop -= 1
        return max(self.block.rfind(b"\r", begin, stop) + 1, begin), stop
