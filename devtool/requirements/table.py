"""One table of a profile's TOML, taken key by key, and the line that each key stands in."""

from __future__ import annotations

import math
import re
from typing import Any

from devtool.errors import InputError

_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_GIB = 1024**3
_MOST_GIB = 1024 * 1024


class Table:
    """One table, whose keys are taken one by one; what is left over is unknown."""

    def __init__(
        self, content: dict[str, Any], place: tuple[str, ...], source: str, lines: dict[tuple[str, ...], int]
    ) -> None:
        self.content, self.place, self.source, self.lines = dict(content), place, source, lines

    def line(self, *key: str) -> int:
        """The line of a key, or of the nearest thing around it."""
        place = (*self.place, *key)
        return next((self.lines[p] for n in range(len(place), 0, -1) if (p := place[:n]) in self.lines), 1)

    def wrong(self, key: str, why: str) -> InputError:
        """An error that names the file, the line and the key."""
        name = ".".join((*(p for p in self.place if not p.isdigit()), key))
        shown = "".join(c if c.isprintable() else "?" for c in name)[:80]
        return InputError(f"{self.source}:{self.line(key)}: `{shown}` {why}")

    def take(self, key: str, kind: type | tuple[type, ...], described: str) -> Any:
        """The value, once its type is right; None where there is none. Raises InputError."""
        value = self.content.pop(key, None)
        if value is None or (isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)):
            return value
        raise self.wrong(key, f"must be {described}")

    def text(self, key: str, *, among: tuple[str, ...] = ()) -> str | None:
        """A string. Raises InputError."""
        value: str | None = self.take(key, str, "a string")
        if value is not None and among and value not in among:
            raise self.wrong(key, f"must be one of {', '.join(among)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A string or a list of strings, as a tuple. Raises InputError."""
        value = self.take(key, (str, list), "a string or a list of strings")
        values = [value] if isinstance(value, str) else value or []
        if not all(isinstance(v, str) for v in values):
            raise self.wrong(key, "must be a string or a list of strings")
        return tuple(values)

    def gib(self, key: str) -> int | None:
        """A number of GiB, in bytes. Raises InputError."""
        value = self.take(key, (int, float), "a number of GiB")
        if value is None:
            return None
        if not math.isfinite(value) or not 0 < value <= _MOST_GIB:
            raise self.wrong(key, f"must lie between 0 and {_MOST_GIB} GiB")
        return int(value * _GIB)

    def table(self, key: str) -> Table:
        """A table; empty where there is none. Raises InputError."""
        value = self.take(key, dict, "a table")
        return Table(value or {}, (*self.place, key), self.source, self.lines)

    def tables(self, key: str, example: str = "") -> list[Table]:
        """A list of tables, of which one may stand alone, such as the example. Raises InputError."""
        described = f"a table or a list of tables{f', such as `{example}`' if example else ''}"
        value = self.take(key, (dict, list), described)
        values = [value] if isinstance(value, dict) else value or []
        if not all(isinstance(v, dict) for v in values):
            raise self.wrong(key, f"must be {described}")
        return [Table(v, (*self.place, key, str(n)), self.source, self.lines) for n, v in enumerate(values)]

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for key in self.content:
            raise self.wrong(key, "is not a key of devtool's")


def lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of every header and key; approximate inside multi-line values, which is enough to point."""
    found: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    here: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            here = _names(header[2])
            # `[[a.b]]` and what follows it belong to the newest element of every list above.
            here = tuple(p for n in range(len(here)) for p in _indexed(here[: n + 1], counts))
            if header[1] == "[[":
                plain = _names(header[2])
                counts[plain] = counts.get(plain, -1) + 1
                here = (*here[:-1], str(counts[plain])) if here[-1].isdigit() else (*here, str(counts[plain]))
                found.setdefault(here[:-1], number)
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            found.setdefault((*here, *_names(key[1])), number)
    return found


def _indexed(place: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    return (place[-1], str(counts[place])) if place in counts else (place[-1],)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
