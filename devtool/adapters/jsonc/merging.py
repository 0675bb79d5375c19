"""Merging what we would have into what a person has: theirs stays, ours is added, what differs is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from devtool.adapters.jsonc.reading import BOM, MalformedError, Node, parse, value_of
from devtool.adapters.jsonc.writing import Edit, Style, applied, insertion, rendered, replacement

ALL = "all"
"""In place of a key: every one."""
IDENTITIES = {"tasks": "label", "configurations": "name", "inputs": "id"}
"""Top-level lists of objects, and the member that tells one from another."""
OPPOSITES = {
    "recommendations": "unwantedRecommendations",
    "unwantedRecommendations": "recommendations",
}
"""Top-level lists of names without an order; what stands in the one does not go into the other."""


@dataclass(frozen=True)
class Difference:
    """A key that both have, with different values."""

    key: str
    """As it is forced."""
    theirs: str
    """As it stands in the text."""
    ours: str


@dataclass
class Merged:
    """What comes of a merge."""

    text: str
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    differing: list[Difference] = field(default_factory=list)


def merge(text: str, ours: Mapping[str, object], forced: tuple[str, ...] = ()) -> Merged:
    """The text with what it lacks of `ours`, and with our value where a key is forced.

    Raises MalformedError, also where the text holds something other than an object.
    """
    root = parse(text)
    if root is None:
        style = Style.of(text, None)
        gap = style.eol if text.strip(f"{BOM} \t\r\n") and not text.endswith(("\n", "\r")) else ""
        return Merged(text + gap + rendered(dict(ours), "", style) + style.eol, list(ours))
    if root.kind != "object":
        raise MalformedError("it does not hold an object")
    merging = _Merging(text, Style.of(text, root), forced)
    edits = list(merging.in_object(root, ours, ()))
    return Merged(applied(text, edits), merging.added, merging.replaced, merging.differing)


def keys_of(ours: Mapping[str, object]) -> Iterator[str]:
    """Every key by which something of `ours` may be forced."""
    for key, value in ours.items():
        yield key
        if key in IDENTITIES and isinstance(value, list):
            yield from (_joined((key, str(item[IDENTITIES[key]]))) for item in value)
        elif key in OPPOSITES and isinstance(value, list):
            yield from (_joined((key, item)) for item in value)
        elif isinstance(value, dict):
            yield from (_joined((key, inner)) for inner in keys_of(value))


class _Merging:
    def __init__(self, text: str, style: Style, forced: tuple[str, ...]) -> None:
        self.text, self.style, self.forced = text, style, forced
        self.added: list[str] = []
        self.replaced: list[str] = []
        self.differing: list[Difference] = []

    def in_object(self, node: Node, ours: Mapping[str, object], path: tuple[str, ...]) -> Iterator[Edit]:
        """The edits that bring ours into the object at `path`."""
        if node.kind != "object":
            yield from self.settle(node, ours, path)
            return
        news = []
        for key, value in ours.items():
            here = (*path, key)
            member = node.member(key)
            if member is None:
                if not path and key in OPPOSITES and isinstance(value, list):
                    value = [name for name in value if not self.opposed(node, name, here)]
                    if not value:
                        continue
                news.append((key, value))
            elif isinstance(value, dict):
                yield from self.in_object(member.node, value, here)
            elif isinstance(value, list) and not path and key in IDENTITIES:
                yield from self.in_list(member.node, value, here, IDENTITIES[key])
            elif isinstance(value, list) and not path and key in OPPOSITES:
                yield from self.in_names(node, member.node, value, here)
            else:
                yield from self.settle(member.node, value, here)
        self.added += [_joined((*path, key)) for key, _ in news]
        if news:
            yield from insertion(self.text, node, news, self.style, root=not path)

    def in_list(
        self, node: Node, ours: list[dict[str, object]], path: tuple[str, ...], identity: str
    ) -> Iterator[Edit]:
        """The edits that bring ours into a list of objects that are told apart by one member."""
        if node.kind != "list":
            yield from self.settle(node, ours, path)
            return
        theirs: dict[object, Node] = {}
        for child in node.children:
            value = value_of(self.text, child.node)
            if isinstance(value, dict) and isinstance(value.get(identity), str):
                theirs[value[identity]] = child.node
        news = []
        for item in ours:
            name = str(item[identity])
            if name in theirs:
                yield from self.settle(theirs[name], item, (*path, name))
            else:
                news.append(("", item))
                self.added.append(_joined((*path, name)))
        if news:
            yield from insertion(self.text, node, news, self.style)

    def in_names(self, root: Node, node: Node, ours: list[str], path: tuple[str, ...]) -> Iterator[Edit]:
        """The edits that bring ours into a list of names."""
        if node.kind != "list":
            yield from self.settle(node, ours, path)
            return
        present = self.names_in(node)
        news = [name for name in ours if name.lower() not in present and not self.opposed(root, name, path)]
        self.added += [_joined((*path, name)) for name in news]
        if news:
            yield from insertion(self.text, node, [("", name) for name in news], self.style)

    def opposed(self, root: Node, name: str, path: tuple[str, ...]) -> bool:
        """Whether the person has the name in the opposite list, which is told."""
        opposite = root.member(OPPOSITES[path[0]])
        if opposite is None or name.lower() not in self.names_in(opposite.node):
            return False
        key = _joined((*path, name))
        if self.is_forced(key):
            return False
        self.differing.append(Difference(key, f"in {OPPOSITES[path[0]]}", f"in {path[0]}"))
        return True

    def names_in(self, node: Node) -> set[str]:
        """The names of the list, in lower case: identifiers of extensions are told apart without it."""
        value = value_of(self.text, node)
        return {name.lower() for name in value if isinstance(name, str)} if isinstance(value, list) else set()

    def settle(self, node: Node, ours: object, path: tuple[str, ...]) -> Iterator[Edit]:
        """Leave an equal value, tell of a different one, or put ours in its place where that is forced."""
        theirs = value_of(self.text, node)
        if _same(theirs, ours, path[-1] if path else ""):
            return
        key = _joined(path)
        if self.is_forced(key):
            self.replaced.append(key)
            yield replacement(self.text, node, ours, self.style)
        else:
            shown = self.text[node.start : node.end], json.dumps(ours, ensure_ascii=False)
            self.differing.append(Difference(key, *shown))

    def is_forced(self, key: str) -> bool:
        return any(one == ALL or key == one or key.startswith(f"{one}/") for one in self.forced)


def _joined(path: tuple[str, ...]) -> str:
    return "/".join(path)


def _same(theirs: object, ours: object, key: str) -> bool:
    if isinstance(theirs, str) and isinstance(ours, str):
        if key.endswith("Tags"):
            return set(theirs.split(",")) == set(ours.split(","))
        if key.endswith("PATH"):  # theirs may hold more folders, such as `${env:LD_LIBRARY_PATH}`
            return set(theirs.split(":")) >= set(ours.split(":"))
    # Python takes `true` for 1.
    return json.dumps(theirs, sort_keys=True) == json.dumps(ours, sort_keys=True)
