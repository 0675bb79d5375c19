"""Files of variables as Compose reads them: read, never sourced.

https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devtool.adapters.compose.interpolation import Lookup, UnfilledError, fill
from devtool.errors import InputError

_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?([^\s=:#'\"]+)[ \t]*(?:[=:]|(?=\r?\n|$|[ \t]+#))[ \t]*")
_SKIPPED = re.compile(r"(?:[ \t\r\n\ufeff]+|#[^\n]*)+")
_QUOTED = {
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$$"}


@dataclass(frozen=True)
class Variable:
    """One line's word on a variable."""

    name: str
    value: str | None
    """None: the name alone stands there, so that the environment decides."""
    line: int


def read_variables(text: str, name: str, outer: Lookup) -> dict[str, Variable]:
    """What the file sets; of a name that stands twice the last. Raises InputError.

    `outer` knows the environment, which wins over earlier lines where a value names a variable.
    """
    found: dict[str, Variable] = {}

    def lookup(asked: str) -> str | None:
        said = outer(asked)
        return said if said is not None or asked not in found else found[asked].value

    for key, raw, quote, line in _statements(text, name):
        found[key] = Variable(key, _value(raw, quote, lookup, f"{name}:{line}"), line)
    return found


def _value(raw: str | None, quote: str, lookup: Lookup, place: str) -> str | None:
    if raw is None:
        return None
    if quote == "'":
        return raw.replace("\\'", "'")
    if quote:
        raw = re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), raw, flags=re.DOTALL)
    try:
        return fill(raw, lookup)
    except UnfilledError as error:
        raise InputError(f"{place}: {error}") from None


def _statements(text: str, name: str) -> Iterator[tuple[str, str | None, str, int]]:
    """Name, value as it stands, the quote around it, and the line."""
    at = 0
    while at < len(text):
        if skipped := _SKIPPED.match(text, at):
            at = skipped.end()
            continue
        line = text.count("\n", 0, at) + 1
        key = _KEY.match(text, at)
        if key is None:
            raise InputError(f"{name}:{line}: no `NAME=value` stands here")
        at = key.end()
        if not key[0].rstrip().endswith(("=", ":")):
            yield key[1], None, "", line
            at = _end_of_line(text, at)
        elif (quote := text[at : at + 1]) in _QUOTED:
            quoted = _QUOTED[quote].match(text, at)
            if quoted is None:
                raise InputError(f"{name}:{line}: the quote is not closed")
            yield key[1], quoted[1], quote, line
            at = _end_of_line(text, quoted.end())
        else:
            end = _end_of_line(text, at)
            yield key[1], re.split(r"(?:^|\s)#", text[at:end], maxsplit=1)[0].strip(), "", line
            at = end


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
