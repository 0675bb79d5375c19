"""Cutting one key out of JSON text: nothing else of the text changes by a single byte.

Parsing and writing again would lose the person's indentation, escapes and
repeated keys, so the key's span is cut and the outcome is proved by parsing.
Comments are refused: whoever reads such a file has no use for them.
"""

from __future__ import annotations

import json

from devtool.adapters.jsonc.reading import BOM, MalformedError, Node, parse
from devtool.adapters.jsonc.writing import applied, cut
from devtool.errors import InputError


def without_key(content: bytes, key: str, path: str) -> bytes | None:
    """`content` without the top-level `key`; None where there is no such key.

    Raises InputError where the text is not one JSON object, or has the key twice.
    """
    text = _decoded(content, path)
    pairs = _pairs(text, path)
    root = _root(text, path)
    found = [i for i, member in enumerate(root.children) if member.key == key]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"`{path}` has the key `{key}` {len(found)} times", "remove all but one by hand")
    rest = applied(text, [cut(text, root, found[0])])
    if _pairs(rest, path) != [pair for pair in pairs if pair[0] != key]:
        raise InputError(f"cannot cut `{key}` out of `{path}` without touching the rest", "remove it by hand")
    return rest.encode()


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(path, f"byte {error.start} is not UTF-8") from None


def _pairs(text: str, path: str) -> list[tuple[str, object]]:
    """The object's members in order; numbers stay as written and no repeated key is lost."""
    try:
        value = json.loads(
            text.removeprefix(BOM),
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


def _root(text: str, path: str) -> Node:
    try:
        root = parse(text)
    except MalformedError as error:
        raise _not_json(path, str(error)) from None
    assert root is not None, "proved to be an object"
    return root
