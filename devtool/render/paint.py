"""Colour for terminals: never the only carrier of a meaning."""

from __future__ import annotations

from devtool.model.wrapping import plain

__all__ = ["paint", "plain"]

_CODES = {
    "failure": "1;31",
    "unknown": "1;35",
    "warning": "33",
    "ok": "32",
    "skipped": "2",
    "faint": "2",
    "strong": "1",
}


def paint(text: str, role: str, colour: bool) -> str:
    """`text` in the colour of its role, or as it is."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if colour and role in _CODES else text
