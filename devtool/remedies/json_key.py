"""Cutting one key out of JSON text: nothing else of the text changes by a single byte.

Parsing and writing again would lose the person's indentation, escapes and
repeated keys, so the key's span is found by scanning and the outcome is proved
by parsing.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from devtool.errors import InputError

_BOM = "\N{BYTE ORDER MARK}"
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


class _Member(NamedTuple):
    key: str
    start: int
    end: int


def without_key(content: bytes, key: str, path: str) -> bytes | None:
    """`content` without the top-level `key`; None where there is no such key.

    Raises InputError where the text is not one JSON object, or has the key twice.
    """
    text = _decoded(content, path)
    pairs = _pairs(text, path)
    members = _members(text)
    found = [i for i, member in enumerate(members) if member.key == key]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"`{path}` has the key `{key}` {len(found)} times", "remove all but one by hand")
    start, end = _span(text, members, found[0])
    cut = text[:start] + text[end:]
    if _pairs(cut, path) != [pair for pair in pairs if pair[0] != key]:
        raise InputError(f"cannot cut `{key}` out of `{path}` without touching the rest", "remove it by hand")
    return cut.encode()


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(path, f"byte {error.start} is not UTF-8") from None


def _pairs(text: str, path: str) -> list[tuple[str, object]]:
    """The object's members in order; numbers stay as written and no repeated key is lost."""
    try:
        value = json.loads(
            text.removeprefix(_BOM),
            object_pairs_hook=tuple,
            parse_int=str,
            parse_float=str,
            parse_constant=_refused,
        )
    except json.JSONDecodeError as error:
        raise _not_json(path, f"{error.msg.lower()} in line {error.lineno}") from None
    except ValueError as error:
        raise _not_json(path, str(error)) from None
    except RecursionError:
        raise _not_json(path, "it is nested too deeply") from None
    if not isinstance(value, tuple):
        raise InputError(f"`{path}` does not hold a JSON object", "mend the file, then try again")
    return list(value)


def _refused(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _not_json(path: str, why: str) -> InputError:
    return InputError(f"`{path}` is not JSON: {why}", "mend the file, then try again")


def _members(text: str) -> list[_Member]:
    """The top-level members of a text that is known to be one JSON object."""
    found: list[_Member] = []
    at = _skipped(text, text.index("{") + 1)
    while text[at] != "}":
        key, key_end = _DECODER.raw_decode(text, at)
        value_start = _skipped(text, _skipped(text, key_end) + 1)
        _, end = _DECODER.raw_decode(text, value_start)
        found.append(_Member(key, at, end))
        at = _skipped(text, end)
        if text[at] == ",":
            at = _skipped(text, at + 1)
    return found


def _span(text: str, members: list[_Member], index: int) -> tuple[int, int]:
    """What to cut: with the comma before the member, or for the first one the comma after it."""
    member = members[index]
    if index > 0:
        return _skipped(text, members[index - 1].end), member.end
    if len(members) > 1:
        return member.start, members[1].start
    return text.index("{") + 1, member.end


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
