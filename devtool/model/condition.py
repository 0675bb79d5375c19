"""Conditions on a pull request in Mergify's language: `title~=^fix:`, `-label=kind/doc`, and trees of them.

Three-valued: a condition on what is not known is neither true nor false. https://docs.mergify.com/conditions/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["all", "any", "not", "leaf"]
Facts = Mapping[str, "str | tuple[str, ...] | bool | None"]
"""What is known, by attribute; None, or no entry, where it is not known."""
_LEAF = re.compile(
    r"(?P<negated>[-¬]?)\s*(?P<count>#?)(?P<attribute>[a-z][a-z-]*)\s*"
    r"(?:(?P<operator>~=|!=|>=|<=|=|:|>|<|≠|≥|≤)\s*(?P<value>.*))?",
    re.DOTALL,
)
_SPELLINGS = {":": "=", "≠": "!=", "≥": ">=", "≤": "<="}
_EMPTY = ("", "^$")
"""`body=^$` compares with these two characters; whoever writes it means the empty body."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One node of a tree of conditions; two nodes are the same only where they are one."""

    kind: Kind
    line: int
    parts: tuple[Condition, ...] = ()
    text: str = ""
    """A leaf as it is written."""
    attribute: str = ""
    operator: str = ""
    value: str = ""
    negated: bool = False
    count: bool = False
    """Whether the number of values is compared."""
    pattern: re.Pattern[str] | None = None
    """Of `~=`; None there for an expression that is not safe to try."""


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds, and the leaves that made it so."""

    truth: bool | None
    leaves: tuple[Condition, ...] = ()


def leaf(text: str, line: int, pattern: re.Pattern[str] | None = None) -> Condition | None:
    """The condition that is written, None where it is none; `pattern` is the value of `~=`, compiled."""
    found = _LEAF.fullmatch(text.strip())
    if found is None:
        return None
    operator = found["operator"] or ""
    return Condition(
        "leaf",
        line,
        text=text.strip(),
        attribute=found["attribute"],
        operator=_SPELLINGS.get(operator, operator),
        value=(found["value"] or "").strip(),
        negated=bool(found["negated"]),
        count=bool(found["count"]),
        pattern=pattern,
    )


def expression(text: str) -> str | None:
    """The regular expression in a leaf, None where it has none."""
    found = _LEAF.fullmatch(text.strip())
    return found["value"].strip() if found is not None and found["operator"] == "~=" else None


def evaluate(condition: Condition, facts: Facts) -> Verdict:
    """Whether the condition holds for these facts, each node looked at once however often it is used."""
    return _evaluate(condition, facts, {})


def leaves_of(condition: Condition) -> list[Condition]:
    """Every leaf below a condition, each once, in order."""
    found: dict[int, Condition] = {}
    seen: set[int] = set()
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind == "leaf":
            found[id(node)] = node
        waiting += reversed(node.parts)
    return list(found.values())


def shown(found: str | tuple[str, ...], pattern: re.Pattern[str]) -> str | None:
    """What of a fact an expression matches, None where it matches nothing."""
    for text in (found,) if isinstance(found, str) else found:
        match = pattern.search(text)
        if match is not None:
            return match[0].strip() or text
    return None


def _evaluate(node: Condition, facts: Facts, known: dict[int, Verdict]) -> Verdict:
    if id(node) not in known:
        known[id(node)] = _judged(node, facts, known)
    return known[id(node)]


def _judged(node: Condition, facts: Facts, known: dict[int, Verdict]) -> Verdict:
    if node.kind == "leaf":
        return Verdict(_holds(node, facts), (node,))
    verdicts = [_evaluate(part, facts, known) for part in node.parts]
    if node.kind == "not":
        truth = verdicts[0].truth
        return Verdict(None if truth is None else not truth, verdicts[0].leaves)
    decisive = node.kind == "any"
    if any(each.truth is decisive for each in verdicts):
        return Verdict(decisive, _union([each for each in verdicts if each.truth is decisive]))
    if any(each.truth is None for each in verdicts):
        return Verdict(None, _union([each for each in verdicts if each.truth is None]))
    return Verdict(not decisive, _union(verdicts))


def _union(verdicts: list[Verdict]) -> tuple[Condition, ...]:
    return tuple({id(leaf): leaf for each in verdicts for leaf in each.leaves}.values())


def _holds(node: Condition, facts: Facts) -> bool | None:
    fact = facts.get(node.attribute)
    if fact is None:
        return None
    truth = _compared(node, fact)
    return truth if truth is None else truth != node.negated


def _compared(node: Condition, fact: str | tuple[str, ...] | bool) -> bool | None:
    values = fact if isinstance(fact, tuple) else (str(fact).lower() if isinstance(fact, bool) else fact,)
    if node.count or node.operator in (">", "<", ">=", "<="):
        return _counted(node, len(values))
    if not node.operator:
        return bool(fact)
    if node.operator == "~=":
        return None if node.pattern is None else any(node.pattern.search(each) for each in values)
    if node.attribute == "body" and node.value in _EMPTY:
        same = not values[0].strip()
    else:
        same = node.value.strip("'\"") in values
    return same != (node.operator == "!=")


def _counted(node: Condition, number: int) -> bool | None:
    if not node.count or not node.value.isdigit():
        return None
    wanted = int(node.value[:9])
    return {
        "=": number == wanted,
        "!=": number != wanted,
        ">": number > wanted,
        "<": number < wanted,
        ">=": number >= wanted,
        "<=": number <= wanted,
    }.get(node.operator)
