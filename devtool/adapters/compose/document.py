"""YAML as Compose takes it: every scalar as the text it becomes, anchors and merge keys resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from devtool.errors import InputError

_MOST_VALUES = 100_000
"""Aliases of aliases make a page of YAML into gigabytes."""
_DEEPEST = 60
_LONGEST = 512 * 1024
_OPENINGS = re.compile(r"[\[{]|[-?:] +(?=[-?])")
"""What lets text nest deeper than its lines are indented."""
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {text: text.lower() for word in ("true", "false") for text in (word, word.title(), word.upper())}
_INTEGER = re.compile(r"[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|0|[1-9][0-9_]*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FRACTION = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Marked:
    """A value with one of Compose's own tags: `!reset` or `!override`."""

    tag: str
    value: Any


@dataclass
class Document:
    """One file: its outermost mapping, and the line of every key by its path."""

    data: dict[str, Any]
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    """Keys that stand twice in one mapping, each with its line; Compose 2 refuses such a file."""


def parse(text: str, name: str) -> Document:
    """What the YAML says. Raises InputError, which names the file and the line."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads ten times as fast
    if len(text) > _LONGEST:
        raise InputError(f"{name}: larger than {_LONGEST // 1024} KiB, which no Compose file is")
    try:
        if len(_OPENINGS.findall(text)) > _DEEPEST:
            _refuse_endless(yaml.parse(text, Loader=loader), name)
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "it cannot be read"
        if said == "second occurrence":  # the later Composes take it
            said = f"{error.context}, {said}"
        raise InputError(f"{name}:{mark.line + 1 if mark else 1}: not valid YAML: {said}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from None
    if root is None:
        return Document({})
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{name}:1: holds no mapping, as a Compose file does")
    reader = _Reader(name)
    return Document(reader.mapping(root, ()), reader.lines, reader.repeated)


def _refuse_endless(events: Iterator[Any], name: str) -> None:
    """Raises InputError where the reader in C, which nests as its text does, would end the process."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind in ("MappingStartEvent", "SequenceStartEvent")
        depth -= kind in ("MappingEndEvent", "SequenceEndEvent")
        if depth > _DEEPEST:
            raise InputError(f"{name}:{event.start_mark.line + 1}: nested too deeply")


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[tuple[str, ...], int] = {}
        self.repeated: list[str] = []
        self.left = _MOST_VALUES

    def value(self, node: Any, path: tuple[str, ...]) -> Any:
        self.left -= 1
        if self.left < 0 or len(path) > _DEEPEST:
            raise InputError(f"{self.name}:{node.start_mark.line + 1}: nested too deeply, or too large")
        made: Any
        if node.id == "scalar":
            made = _scalar(node)
        elif node.id == "sequence":
            made = [self.value(item, (*path, f"{number}")) for number, item in enumerate(node.value)]
        else:
            made = self.mapping(node, path)
        return Marked(node.tag, made) if node.tag in ("!reset", "!override") else made

    def mapping(self, node: Any, path: tuple[str, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in self.merged(node, path):
            made.setdefault(key, value)
        seen: set[str] = set()
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag.endswith(":merge"):
                continue
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                self.repeated.append(f"`{'.'.join((*path, key))}` at {self.name}:{line}")
            seen.add(key)
            place = (*path, key)
            self.lines[place] = line
            own[key] = self.value(value_node, place)
        return {**made, **own}

    def merged(self, node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        """What `<<` brings: of several mappings the first that has a key."""
        for key_node, value_node in node.value:
            if key_node.tag.endswith(":merge"):
                holders = value_node.value if value_node.id == "sequence" else [value_node]
                for holder in holders:
                    if holder.id != "mapping":
                        line = key_node.start_mark.line + 1
                        raise InputError(f"{self.name}:{line}: `<<` takes a mapping")
                    yield from self.value(holder, path).items()


def _scalar(node: Any) -> str | None:
    """The text that Compose makes of it where it wants text; None for null."""
    text = str(node.value)
    if node.style:  # quoted, or a block
        return text
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return _whole(text)
    if _FRACTION.fullmatch(text):
        return _shortest(float(text))
    return f"{text} 00:00:00 +0000 UTC" if _DAY.fullmatch(text) else text


def _whole(text: str) -> str:
    plain = text.replace("_", "")
    octal = re.fullmatch(r"([-+]?)0o?([0-7]+)", plain)
    try:
        number = int(octal[1] + octal[2], 8) if octal else int(plain, 0)
    except ValueError:
        return text
    return str(number) if -(2**63) <= number < 2**64 else _shortest(float(number))


def _shortest(number: float) -> str:
    """As Go's `%v` writes it, by which Compose makes text of it."""
    from decimal import Decimal

    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int), "the pattern lets no infinity through"
    figures, power = "".join(map(str, digits)), len(digits) + exponent - 1
    if -4 <= power < 6:
        return f"{Decimal(repr(number)).normalize():f}"
    fraction = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{'-' if sign else ''}{figures[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02d}"
