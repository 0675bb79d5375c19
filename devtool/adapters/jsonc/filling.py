"""A template, filled in: what nothing is known for falls out, with what held only that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from devtool.adapters.jsonc.reading import Node, parse, value_of
from devtool.adapters.jsonc.writing import Edit, applied, cut

_PLACE = re.compile(r"\{\{(\w+)\}\}")


def filled(template: str, values: Mapping[str, object]) -> str:
    """The template from its first brace on, every `{{name}}` in its strings replaced.

    A string that is one placeholder becomes the value itself, whatever its
    type. Members whose placeholder has no value are left out, and so are
    objects and lists that this empties; an element of a list falls out whole.
    """
    root = parse(template)
    assert root is not None, "a template holds something"
    text = template[root.start :]
    while (lacking := _lacking(text, _parsed(text), values)) is not None:
        text = applied(text, [lacking])
    return applied(text, _fillings(text, _parsed(text), values))


def _parsed(text: str) -> Node:
    root = parse(text)
    assert root is not None, "cutting leaves the outermost braces"
    return root


def _lacking(text: str, holder: Node, values: Mapping[str, object]) -> Edit | None:
    """The first cut that is to be made."""
    for index, child in enumerate(holder.children):
        if child.node.kind == "scalar":
            names = _PLACE.findall(text, child.node.start, child.node.end)
            if any(values.get(name) is None for name in names):
                return cut(text, holder, index)
        elif (inner := _lacking(text, child.node, values)) is not None:
            whole = holder.kind == "list" or len(child.node.children) == 1
            return cut(text, holder, index) if whole else inner
    return None


def _fillings(text: str, holder: Node, values: Mapping[str, object]) -> list[Edit]:
    found: list[Edit] = []
    for child in holder.children:
        if child.node.kind != "scalar":
            found += _fillings(text, child.node, values)
            continue
        said = value_of(text, child.node)
        if isinstance(said, str) and _PLACE.search(said):
            whole = _PLACE.fullmatch(said)
            made = values[whole[1]] if whole else _PLACE.sub(lambda match: str(values[match[1]]), said)
            found.append(Edit(child.node.start, child.node.end, json.dumps(made, ensure_ascii=False)))
    return found
