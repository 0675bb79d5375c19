"""A project's `mergify.yml` as rules: which conditions hold a pull request up, and in which line they stand.

The nodes of the YAML are read, not its values: an alias means the same node, and every node knows its line.
"""

from __future__ import annotations

import re
from typing import Any

from devtool.errors import InputError
from devtool.model.condition import Condition, expression, leaf
from devtool.requirements.patterns import objection
from devtool.requirements.pull_requests import PullRequests, Rule

_LIMIT = 256 * 1024
_DEEPEST = 30
_GROUPS = {"and": "all", "or": "any"}


def read_mergify(text: str, where: str, project: PullRequests) -> tuple[Rule, ...]:
    """The rules that add labels, each with what it is here. Raises InputError for what is no such file."""
    import yaml

    if len(text) > _LIMIT:
        raise InputError(f"`{where}` is larger than {_LIMIT // 1024} KiB, which no list of rules is")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        said = str(error).splitlines() or ["nested too deeply"]
        raise InputError(f"`{where}` is no YAML: {said[0]}", "Mergify does nothing then") from error
    listed = _mapping(root).get("pull_request_rules")
    if listed is None:
        return ()
    if not isinstance(listed, yaml.SequenceNode):
        raise InputError(f"`{where}:{_line(listed)}`: `pull_request_rules` is no list")
    reader = _Reader(where)
    return tuple(rule for node in listed.value if (rule := _rule(node, reader, project)) is not None)


def _rule(node: Any, reader: _Reader, project: PullRequests) -> Rule | None:
    parts = _mapping(node)
    labels = _labels(parts.get("actions"))
    if not labels or "disabled" in parts:
        return None
    conditions = parts.get("conditions")
    condition = reader.condition(conditions) if conditions is not None else Condition("all", _line(node))
    known = [each for label in labels for each in project.labels.get(label, ())]
    if not known and any(label.startswith(project.blocking) for label in labels):
        known = ["pr-project-rule"]
    name = getattr(parts.get("name"), "value", "")
    return Rule(condition, _line(node), tuple(known), labels, name if isinstance(name, str) else "")


def _labels(actions: Any) -> tuple[str, ...]:
    stated = _mapping(_mapping(actions).get("label"))
    found = [*_texts(stated.get("add")), *_texts(stated.get("toggle"))]
    return tuple(found)


class _Reader:
    """Turns nodes into conditions, the same node into the same condition."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._known: dict[int, Condition] = {}

    def condition(self, node: Any, depth: int = 0) -> Condition:
        """The condition of a node. Raises InputError for one that is nested without end."""
        if depth > _DEEPEST:
            raise InputError(f"`{self._where}:{_line(node)}`: conditions are nested too deeply")
        if id(node) not in self._known:
            self._known[id(node)] = self._made(node, depth)
        return self._known[id(node)]

    def _made(self, node: Any, depth: int) -> Condition:
        import yaml

        line = _line(node)
        if isinstance(node, yaml.SequenceNode):
            return Condition("all", line, tuple(self.condition(each, depth + 1) for each in node.value))
        if isinstance(node, yaml.MappingNode):
            inner = [
                self._group(key, value, depth) for key, value in _mapping(node).items()
            ]  # an anchor in `misc` may name its list
            return inner[0] if len(inner) == 1 else Condition("all", line, tuple(inner))
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        stated = expression(text)
        safe = stated is not None and objection(stated) is None
        made = leaf(text, line, re.compile(stated) if safe and stated is not None else None)
        # What cannot be read is a condition on something unknown: neither true nor false.
        return made or Condition("leaf", line, text=text, attribute="?")

    def _group(self, key: str, node: Any, depth: int) -> Condition:
        made = self.condition(node, depth + 1)
        if key == "not":
            return Condition("not", _line(node), (made,))
        kind = _GROUPS.get(key)
        if kind is None:
            return Condition("leaf", _line(node), text=key, attribute="?")
        return Condition("any" if kind == "any" else "all", _line(node), made.parts or (made,))


def _mapping(node: Any) -> dict[str, Any]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _texts(node: Any) -> list[str]:
    import yaml

    nodes = node.value if isinstance(node, yaml.SequenceNode) else []
    return [each.value for each in nodes if isinstance(each, yaml.ScalarNode)]


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
