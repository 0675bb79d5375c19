"""Lines of a log at a terminal: numbered, the meant one marked, none longer than there is room."""

from __future__ import annotations

from devtool.model.diagnosis import Excerpt
from devtool.render.layout import MARGIN, rows_of
from devtool.render.paint import paint, plain

_MEANT_ROWS = 4
"""Of the line that is meant; a line around it gets one."""
_CONSIDERED = 1000
"""Characters of a line, more than there is ever room for: a line can have millions."""


def whole_excerpt(excerpt: Excerpt, width: int, colour: bool) -> list[str]:
    """Every line of the excerpt."""
    numbered = enumerate(excerpt.lines, excerpt.first_line)
    digits = len(str(excerpt.first_line + len(excerpt.lines) - 1))
    return [
        row
        for number, line in numbered
        for row in _rows(line, number, number == excerpt.line, digits, width, colour)
    ]


def meant_line(excerpt: Excerpt, width: int, colour: bool) -> list[str]:
    """The meant line alone."""
    return _rows(excerpt.said, excerpt.line, True, len(str(excerpt.line)), width, colour)


def _rows(line: str, number: int, meant: bool, digits: int, width: int, colour: bool) -> list[str]:
    lead = f"{'> ' if meant else '':>{MARGIN}}{number:>{digits}} | "
    further = f"{'':{MARGIN + digits}} | "
    shown = plain(line[:_CONSIDERED].expandtabs())
    first, *rest = rows_of(shown, width - len(lead), _MEANT_ROWS if meant else 1)
    role = "strong" if meant else "faint"
    rows = [f"{lead}{first}".rstrip(), *(f"{further}{row}" for row in rest)]
    return [paint(row, role, colour) for row in rows]
