"""What findings share at a terminal: a word in the margin, text beside it, labelled paragraphs, hints."""

from __future__ import annotations

from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

MARGIN = 6
"""Columns before the text of a finding; its severity word stands in them."""


def measure(width: int) -> int:
    """The width to write for: prose wider than 100 columns reads badly, and below 40 nothing fits."""
    return min(max(width, 40), 100)


def entry(word: str, role: str, said: str, width: int, colour: bool) -> list[str]:
    """A finding's first lines: its word in the margin and what is said beside it."""
    first, *rest = wrapped(plain(said), width - MARGIN) or [""]
    return [f"{paint(f'{word:<4}', role, colour)}  {first}", *(f"{' ' * MARGIN}{line}" for line in rest)]


def labelled(label: str, text: str, width: int) -> list[str]:
    """A paragraph of a finding behind its label, which is at most six columns wide."""
    lead = " " * MARGIN + f"{label:<6}"
    return wrapped(plain(text), width, lead, " " * len(lead))


def cures_label(number: int) -> str:
    """The label of the first and of every further cure."""
    return "cure:" if number == 0 else "  or:"


def hint(command: str, what: str, width: int) -> list[str]:
    """A closing line: a command and what it does."""
    return wrapped(f"{command} {what}", width, "  ", "    ")


def cut(line: str, width: int) -> str:
    """`line` in at most `width` columns, marked where something is missing."""
    return rows_of(line, width, 1)[0]


def rows_of(line: str, width: int, limit: int) -> list[str]:
    """`line` in rows of at most `width` columns, at most `limit` of them; the last says if more follows."""
    rows: list[str] = []
    while line:
        fitting = _fitting(line, width)
        if fitting == len(line):
            return [*rows, line]
        if len(rows) == limit - 1:
            return [*rows, f"{line[: _fitting(line, width - 1)]}…"]
        # Between words, where that does not leave the row half empty.
        blank = line.rfind(" ", fitting // 2, fitting + 1)
        end = blank if blank > 0 else fitting
        rows.append(line[:end])
        line = line[end:].removeprefix(" ")
    return rows or [""]


def _fitting(line: str, width: int) -> int:
    """How many characters of `line` fit into as many columns; Chinese and its like take two each."""
    if line.isascii():
        return min(width, len(line))
    from unicodedata import east_asian_width

    for number, character in enumerate(line):
        width -= 2 if east_asian_width(character) in "WF" else 1
        if width < 0:
            return number
    return len(line)
