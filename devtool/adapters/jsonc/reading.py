"""What stands where in a text of JSON with comments and trailing commas, by the rules of VS Code's reader.

https://github.com/microsoft/node-jsonc-parser
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

BOM = "\N{BYTE ORDER MARK}"
_TRIVIA = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|(?s:/\*.*?\*/))*")
_SCALAR = re.compile(
    r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
    r"|(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])"
)
_DEEPEST = 200


class MalformedError(ValueError):
    """The text is no JSON with comments; says what is wrong and in which line."""


@dataclass(frozen=True)
class Node:
    """One value, and where it stands."""

    kind: Literal["object", "list", "scalar"]
    start: int
    end: int
    children: tuple[Child, ...] = ()

    def member(self, key: str) -> Child | None:
        """The member of that key; of several the last, as VS Code reads."""
        return next((child for child in reversed(self.children) if child.key == key), None)


class Child(NamedTuple):
    """A member of an object, or an element of a list."""

    key: str
    """Empty in a list."""
    start: int
    node: Node
    comma: int | None
    """Where the comma after it stands."""

    @property
    def end(self) -> int:
        """Where it ends, its comma not counted."""
        return self.node.end


def parse(text: str) -> Node | None:
    """The one value of the text; None where there is nothing but space and comments.

    Raises MalformedError.
    """
    at = skip(text, len(BOM) if text.startswith(BOM) else 0)
    if at == len(text):
        return None
    node = _value(text, at, 0)
    rest = skip(text, node.end)
    if rest < len(text):
        raise _malformed(text, rest, "something follows the end")
    return node


def skip(text: str, at: int) -> int:
    """The next place from `at` on that is neither space nor comment."""
    match = _TRIVIA.match(text, at)
    return match.end() if match else at


def value_of(text: str, node: Node) -> object:
    """What the node says; of repeated keys the last."""
    if node.kind == "object":
        return {child.key: value_of(text, child.node) for child in node.children}
    if node.kind == "list":
        return [value_of(text, child.node) for child in node.children]
    return json.loads(text[node.start : node.end], parse_int=_number)


def _number(digits: str) -> int | float:
    # Python refuses to read a whole number of thousands of digits.
    return int(digits) if len(digits) < 400 else float(digits)


def _value(text: str, at: int, depth: int) -> Node:
    if depth > _DEEPEST:
        raise MalformedError("it is nested too deeply")
    opening = text[at : at + 1]
    if opening == "{":
        return _holder(text, at, depth, "object", "}")
    if opening == "[":
        return _holder(text, at, depth, "list", "]")
    match = _SCALAR.match(text, at)
    if match is None:
        raise _malformed(text, at, "no value is readable")
    return Node("scalar", at, match.end())


def _holder(text: str, start: int, depth: int, kind: Literal["object", "list"], closing: str) -> Node:
    children: list[Child] = []
    at = skip(text, start + 1)
    while text[at : at + 1] != closing:
        begin, key = at, ""
        if kind == "object":
            key, at = _key(text, at)
        node = _value(text, at, depth + 1)
        at = skip(text, node.end)
        comma = at if text[at : at + 1] == "," else None
        children.append(Child(key, begin, node, comma))
        if comma is not None:
            at = skip(text, at + 1)
        elif text[at : at + 1] != closing:
            raise _malformed(text, at, f"no comma and no `{closing}`")
    return Node(kind, start, at + 1, tuple(children))


def _key(text: str, at: int) -> tuple[str, int]:
    """The key that stands here, and where its value begins."""
    match = _SCALAR.match(text, at) if text[at : at + 1] == '"' else None
    if match is None:
        raise _malformed(text, at, "no key in double quotes")
    colon = skip(text, match.end())
    if text[colon : colon + 1] != ":":
        raise _malformed(text, colon, "no colon after a key")
    key: str = json.loads(match[0])
    return key, skip(text, colon + 1)


def _malformed(text: str, at: int, what: str) -> MalformedError:
    line = len(re.findall(r"\r\n|\r|\n", text[:at])) + 1
    if at >= len(text):
        return MalformedError(f"it ends too early, in line {line}")
    if text.startswith("/*", at):
        return MalformedError(f"a comment that opens in line {line} has no end")
    return MalformedError(f"{what} in line {line}")
