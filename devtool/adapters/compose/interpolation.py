"""Putting variables into the texts of a Compose file.

https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Callable

Lookup = Callable[[str], "str | None"]
Blank = Callable[[str], None]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST = 200
_OPERATOR = re.compile(r":?[-?+]")


class UnfilledError(ValueError):
    """The text is not well formed, or asks for a variable that must be set."""


def fill(text: str, lookup: Lookup, blank: Blank | None = None) -> str:
    """The text with every `$NAME` and `${NAME…}` replaced, `$$` by one dollar. Raises UnfilledError.

    `lookup` gives None for what is not set; `blank` is told of what counts as empty for that.
    """
    if "$" not in text:
        return text
    if text.count("${") > _MOST:
        raise UnfilledError(f"`{_excerpt(text, 0)}` names more than {_MOST} variables")
    made: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        made.append(text[at:dollar])
        value, at = _one(text, dollar, lookup, blank)
        made.append(value)
    return "".join([*made, text[at:]])


def _one(text: str, dollar: int, lookup: Lookup, blank: Blank | None) -> tuple[str, int]:
    """The value of what begins at the dollar, and where the text goes on."""
    after = dollar + 1
    if text.startswith("$", after):
        return "$", after + 1
    if match := _NAME.match(text, after):
        return _applied(match[0], "", "", lookup, blank), match.end()
    if not text.startswith("{", after):
        return "$", after  # Compose 1 refuses the file for it, the later ones take it as it is
    name = _NAME.match(text, after + 1)
    end = _closing(text, after)
    if name is None or end is None:
        raise UnfilledError(f"`{_excerpt(text, dollar)}` is no variable")
    operator = _OPERATOR.match(text, name.end(), end)
    if operator is None and name.end() != end:
        raise UnfilledError(f"`{_excerpt(text, dollar)}` is no variable")
    rest = text[operator.end() : end] if operator else ""
    return _applied(name[0], operator[0] if operator else "", rest, lookup, blank), end + 1


def _applied(name: str, operator: str, rest: str, lookup: Lookup, blank: Blank | None) -> str:
    value = lookup(name)
    if value is None and not operator and blank:
        blank(name)
    there = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return fill(rest, lookup, blank) if there else ""
    if there or not operator:
        return value or ""
    if operator.endswith("-"):
        return fill(rest, lookup, blank)
    why = fill(rest, lookup, blank)
    raise UnfilledError(f"`{name}` must be set" + (f": {why}" if why else ""))


def _closing(text: str, opening: int) -> int | None:
    """Where the brace that opens here is closed."""
    depth = 0
    for at in range(opening, len(text)):
        if text[at] == "{" and (at == opening or text[at - 1] == "$"):
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
    return None


def _excerpt(text: str, at: int) -> str:
    return text[at : at + 30].split("\n")[0]
