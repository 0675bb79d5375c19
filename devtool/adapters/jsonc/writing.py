"""Edits of a text of JSON with comments: each touches one span, and all else keeps its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from devtool.adapters.jsonc.reading import Node, skip

_BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_LONGEST_LINE = 80


class Edit(NamedTuple):
    """Put `text` in place of a span."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Style:
    """How the text is laid out."""

    eol: str
    unit: str
    """One step of indentation."""

    @staticmethod
    def of(text: str, root: Node | None) -> Style:
        """The style of the text; four spaces, as VS Code has it, where it shows none."""
        found = _BREAK.search(text)
        first = root.children[0].start if root and root.children else None
        unit = _indentation(text, first) if first is not None and _begins_line(text, first) else ""
        return Style(found[0] if found else "\n", unit or "    ")


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, which must not overlap; those at one place come in their order."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def insertion(
    text: str, holder: Node, news: Sequence[tuple[str, object]], style: Style, root: bool = False
) -> list[Edit]:
    """The edits that add members (in a list the keys are not looked at) behind those that are there."""
    last = holder.children[-1] if holder.children else None
    close = holder.end - 1
    content = _content_end(text, holder)
    comma = [] if last is None or last.comma is not None else [Edit(last.end, last.end, ",")]
    final = "," if last is not None and last.comma is not None else ""
    named = holder.kind == "object"
    if last is not None and not root and not _BREAK.search(text, holder.start, holder.end):
        rows = ", ".join(_row(key if named else None, rendered(value, None, style)) for key, value in news)
        if len(rows) <= _LONGEST_LINE:
            return [*comma, Edit(content, content, f" {rows}{final}")]
    outer = _indentation(text, holder.start)
    first = holder.children[0].start if holder.children else None
    inner = outer + style.unit
    if first is not None and _begins_line(text, first):
        inner = _indentation(text, first)
    lines = [_row(key if named else None, rendered(value, inner, style)) for key, value in news]
    added = "".join(f"{'' if n == 0 else ','}{style.eol}{inner}{line}" for n, line in enumerate(lines))
    if _BREAK.search(text, content, close):
        return [*comma, Edit(content, content, added + final)]
    return [*comma, Edit(content, close, f"{added}{final}{style.eol}{outer}")]


def replacement(text: str, node: Node, value: object, style: Style) -> Edit:
    """The edit that puts another value in the node's place."""
    return Edit(node.start, node.end, rendered(value, _indentation(text, node.start), style))


def cut(text: str, holder: Node, index: int) -> Edit:
    """The edit that takes a child out, with the comma and the space that go with it."""
    child = holder.children[index]
    if index > 0:
        before = holder.children[index - 1]
        return Edit(skip(text, before.end), child.end, "")
    if child.comma is None:
        return Edit(holder.start + 1, child.end, "")
    if len(holder.children) == 1:
        return Edit(holder.start + 1, child.comma + 1, "")
    return Edit(child.start, _spaced(text, child.comma + 1), "")


def rendered(value: object, indentation: str | None, style: Style) -> str:
    """The value as text that begins in a line of this indentation; None: all in one line."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = None if indentation is None else indentation + style.unit
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        rows = [_row(key, rendered(item, inner, style)) for key, item in value.items()]
    else:
        rows = [rendered(item, inner, style) for item in value]
        short = sum(map(len, rows)) <= _LONGEST_LINE
        if short and not any(isinstance(item, dict | list) for item in value):
            inner = None
    if inner is None:
        return f"{opening}{', '.join(rows)}{closing}"
    lines = f",{style.eol}{inner}".join(rows)
    return f"{opening}{style.eol}{inner}{lines}{style.eol}{indentation}{closing}"


def _row(key: str | None, text: str) -> str:
    return text if key is None else f"{json.dumps(key, ensure_ascii=False)}: {text}"


def _content_end(text: str, holder: Node) -> int:
    """Behind the last child, its comma and any comment."""
    end = holder.start + 1
    if holder.children:
        last = holder.children[-1]
        end = last.end if last.comma is None else last.comma + 1
    return max((match.end() for match in _COMMENT.finditer(text, end, holder.end - 1)), default=end)


def _spaced(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _begins_line(text: str, at: int) -> bool:
    start = _line_start(text, at)
    return start > 0 and not text[start:at].strip(" \t")


def _indentation(text: str, at: int) -> str:
    line = text[_line_start(text, at) : at]
    return line[: len(line) - len(line.lstrip(" \t"))]
