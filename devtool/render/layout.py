"""What findings share at a terminal: a word in the margin, text beside it, labelled paragraphs, hints."""

from __future__ import annotations

from unicodedata import east_asian_width

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
    rows = rows_of(line, width, 1)
    return rows[0]


def rows_of(line: str, width: int, limit: int) -> list[str]:
    """`line` in rows of at most `width` columns, at most `limit` of them; the last says if more follows."""
    rows = [""]
    room = width
    for character in line:
        wide = 2 if east_asian_width(character) in "WF" else 1
        if wide > room:
            if len(rows) == limit:
                return [*rows[:-1], _shortened(rows[-1], room)]
            rows.append("")
            room = width
        rows[-1] += character
        room -= wide
    return rows


def _shortened(row: str, room: int) -> str:
    return f"{row if room else row[:-1]}…"
