"""What a profile says of pull requests: its `[pull_request]` table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, cast

from devtool.model.condition import Condition, expression, leaf
from devtool.model.pull_request import RULES, RuleId
from devtool.requirements.patterns import objection
from devtool.requirements.table import Table

MERGIFY = (".mergify.yml", ".mergify/config.yml", ".github/mergify.yml")
"""Where Mergify looks: https://docs.mergify.com/configuration/file-format/."""
_DEEPEST = 20
_GIB = 1024**3
# What Prow's `size` plugin takes by default: https://github.com/kubernetes-sigs/prow
_SIZES = {"size/XS": 0, "size/S": 10, "size/M": 30, "size/L": 100, "size/XL": 500, "size/XXL": 1000}
_SWITCHES = {"all": "all", "and": "all", "or": "any", "any": "any", "not": "not"}


@dataclass(frozen=True)
class Rule:
    """One rule on pull requests: where its condition holds, something happens to them."""

    condition: Condition
    line: int
    ids: tuple[RuleId, ...] = ()
    """What it is here, where it holds a pull request up."""
    labels: tuple[str, ...] = ()
    """Labels that it adds."""
    name: str = ""


@dataclass(frozen=True)
class Generated:
    """Files that a program writes."""

    paths: tuple[str, ...]
    """Shell patterns; one without a `/` holds for the last part of a path."""
    sources: tuple[str, ...]
    """Patterns of what they are made from: one of these has to be changed too."""
    header: re.Pattern[str] | None = None
    """A line near their beginning; None where the path says it."""
    command: str = ""
    line: int = 1


@dataclass(frozen=True)
class TestCommand:
    """What tests a change to some files."""

    paths: tuple[str, ...]
    """Shell patterns, as of generated files."""
    command: str


@dataclass(frozen=True)
class PullRequests:
    """The rules of a project for pull requests."""

    labels: Mapping[str, tuple[RuleId, ...]] = field(default_factory=dict)
    """Which rule of ours it is that a label of Mergify's tells of."""
    blocking: str = "do-not-merge"
    """How labels begin that keep a pull request from being merged."""
    sizes: Mapping[str, int] = field(default_factory=lambda: dict(_SIZES))
    """Labels by the least number of lines that earns them."""
    rules: tuple[Rule, ...] = ()
    """What holds where the checkout states no rules of its own."""
    generated: tuple[Generated, ...] = ()
    large_lines: int = 1000
    large_file_bytes: int = 1024**2
    placeholder_mails: tuple[re.Pattern[str], ...] = ()
    issue_line: str = "issue: #"
    master_line: str = "pr: #"
    design_line: str = "design doc: "
    design_documents: str = ""
    """The folder of design documents."""
    release_branch: re.Pattern[str] | None = None
    """Names of branches that take what the main one has already."""
    tests: tuple[TestCommand, ...] = ()
    off: tuple[RuleId, ...] = ()
    """Rules that the project does not keep."""


def pull_requests(table: Table) -> PullRequests:
    """The table as a value. Raises InputError."""
    labels, sizes = table.table("labels"), table.table("sizes")
    plain = PullRequests()
    release = _expressions(table, "release_branch")
    made = PullRequests(
        labels={name: _ids(labels, name) for name in [*labels.content]},
        blocking=table.text("blocking") or plain.blocking,
        sizes={name: _number(sizes, name, 0) for name in [*sizes.content]} or plain.sizes,
        rules=(*(_rule(each) for each in table.tables("rules")), *map(_labelling, table.tables("labelled"))),
        generated=tuple(map(_generated, table.tables("generated"))),
        large_lines=_number(table, "large_lines", plain.large_lines),
        large_file_bytes=int(_number(table, "large_file_kib", plain.large_file_bytes // 1024)) * 1024,
        placeholder_mails=_expressions(table, "placeholder_mails"),
        issue_line=table.text("issue_line") or plain.issue_line,
        master_line=table.text("master_line") or plain.master_line,
        design_line=table.text("design_line") or plain.design_line,
        design_documents=table.text("design_documents") or "",
        release_branch=release[0] if release else None,
        tests=tuple(map(_test, table.tables("tests"))),
        off=_ids(table, "off"),
    )
    table.finish()
    return made


def tree(value: Any, table: Table, key: str, depth: int = 0) -> Condition:
    """A condition, a list of which all hold, or a table of `and`, `or` and `not`. Raises InputError."""
    line = table.line(key)
    if depth > _DEEPEST:
        raise table.wrong(key, "is nested too deeply")
    if isinstance(value, str):
        return _leaf(value, table, key)
    if isinstance(value, list):
        return Condition("all", line, tuple(tree(each, table, key, depth + 1) for each in value))
    if isinstance(value, dict) and len(value) == 1:
        switch, inner = next(iter(value.items()))
        kind = _SWITCHES.get(switch)
        if kind == "not":
            return Condition("not", line, (tree(inner, table, key, depth + 1),))
        if kind is not None and isinstance(inner, list):
            parts = tuple(tree(each, table, key, depth + 1) for each in inner)
            return Condition("any" if kind == "any" else "all", line, parts)
    raise table.wrong(key, 'must hold conditions such as "title~=^fix:", or { or = [...] }')


def _leaf(text: str, table: Table, key: str) -> Condition:
    stated = expression(text)
    if stated is not None and (reason := objection(stated)):
        raise table.wrong(key, f"has an expression that {reason}")
    made = leaf(text, table.line(key), re.compile(stated) if stated is not None else None)
    if made is None:
        raise table.wrong(key, f"holds `{text[:60]}`, which is no condition")
    return made


def _rule(table: Table) -> Rule:
    ids = _ids(table, "id")
    if not ids:
        raise table.wrong("id", "is missing")
    made = Rule(_conditions(table, "refuse"), table.line("id"), ids)
    table.finish()
    return made


def _labelling(table: Table) -> Rule:
    label = table.text("label")
    if not label:
        raise table.wrong("label", "is missing")
    made = Rule(_conditions(table, "if"), table.line("label"), labels=(label,))
    table.finish()
    return made


def _conditions(table: Table, key: str) -> Condition:
    value = table.take(key, (str, list, dict), "a condition or a list of them")
    if not value:
        raise table.wrong(key, "is missing")
    return tree([value] if isinstance(value, str) else value, table, key)


def _generated(table: Table) -> Generated:
    headers = _expressions(table, "header")
    made = Generated(
        paths=table.texts("paths"),
        sources=table.texts("sources"),
        header=headers[0] if headers else None,
        command=table.text("command") or "",
        line=table.line("paths"),
    )
    if not made.paths or not made.sources:
        raise table.wrong("paths", "needs `sources` beside it, of which the files are made")
    table.finish()
    return made


def _test(table: Table) -> TestCommand:
    paths, command = table.texts("paths"), table.text("command")
    if not paths or not command:
        raise table.wrong("paths", "needs a `command` beside it")
    table.finish()
    return TestCommand(paths, command)


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a pattern holds for the path, and none that begins with `!` does."""
    base = path.rpartition("/")[2]
    kept = False
    for pattern in patterns:
        plain = pattern.removeprefix("!")
        if fnmatchcase(path if "/" in plain else base, plain):
            kept = plain == pattern
    return kept


def _expressions(table: Table, key: str) -> tuple[re.Pattern[str], ...]:
    stated = table.texts(key)
    for each in stated:
        if reason := objection(each):
            raise table.wrong(key, reason)
    return tuple(map(re.compile, stated))


def _ids(table: Table, key: str) -> tuple[RuleId, ...]:
    stated = table.texts(key)
    for each in stated:
        if each not in RULES:
            raise table.wrong(key, f"`{each[:60]}` is no rule; the rules are {', '.join(RULES)}")
    return cast("tuple[RuleId, ...]", stated)


def _number(table: Table, key: str, default: int) -> int:
    value = table.take(key, int, "a number")
    if value is None:
        return default
    if not 0 <= value <= _GIB:
        raise table.wrong(key, "must be a number that is not below 0")
    return int(value)
