"""What a profile says of building by name: its `[build]` table."""

from __future__ import annotations

import re
from collections.abc import Callable

from devtool.model.environment import may_be_set
from devtool.requirements.profile import Building, Form, KnownTarget
from devtool.requirements.table import Table

NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,59}")
_OWN = ("build", "test")
"""Names that `[commands]` gives meaning to."""
_JOBS = re.compile(r"([A-Za-z_]\w*)(?:=([^{}]*\{\}[^{}]*))?")

Forms = Callable[[Table, str], "tuple[Form, ...]"]
Path = Callable[[Table, str], "str | None"]


def building(table: Table, forms: Forms, path: Path) -> Building:
    """The table as a value. Raises InputError."""
    listed = table.table("targets")
    made = Building(
        targets=tuple(_target(listed, name, forms) for name in [*listed.content]),
        default=table.text("default"),
        makefile=path(table, "makefile"),
        jobs=_jobs(table),
        memory_per_job_bytes=table.gib("memory_per_job_gib"),
    )
    if made.default is not None and made.makefile is None:
        names = (*_OWN, *(each.name for each in made.targets))
        if made.default not in names:
            raise table.wrong("default", f"must be one of {', '.join(names)}")
    table.finish()
    return made


def _target(listed: Table, name: str, forms: Forms) -> KnownTarget:
    if not NAME.fullmatch(name):
        raise listed.wrong(name, "is not a target's name (letters, digits, `-`, `.`, `_`, `+`)")
    if name in _OWN:
        raise listed.wrong(name, f"is what `[commands]` calls `{name}`: state it there")
    if not isinstance(listed.content[name], dict):
        commands = listed.texts(name)
        return KnownTarget(name, _lines(listed, name, commands))
    table = listed.table(name)
    variables = table.table("environment")
    made = KnownTarget(
        name,
        _lines(table, "command", table.texts("command")),
        table.text("title") or "",
        {each: _value(variables, each) for each in [*variables.content]},
        forms(table, "when"),
    )
    table.finish()
    return made


def _lines(table: Table, key: str, commands: tuple[str, ...]) -> tuple[str, ...]:
    if any(not each.strip() or "\0" in each for each in commands):
        raise table.wrong(key, "must be a command, or a list of commands")
    return commands


def _value(variables: Table, name: str) -> str:
    if not may_be_set(name):
        raise variables.wrong(name, "is not a variable that a build may set")
    return variables.text(name) or ""


def _jobs(table: Table) -> tuple[str, ...]:
    stated = table.texts("jobs")
    for each in stated:
        found = _JOBS.fullmatch(each)
        if found is None or not (found[1] == "MAKEFLAGS" or may_be_set(found[1])):
            raise table.wrong("jobs", "must name variables such as `jobs`, or `MAKEFLAGS=-j{}`")
    return stated
