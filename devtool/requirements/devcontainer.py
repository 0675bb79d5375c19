"""What a project says of the dev container that is written for it: the `[devcontainer]` table."""

from __future__ import annotations

import re

from devtool.requirements.profile import DevContainer
from devtool.requirements.table import Table

_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]{1,79}")
_EXTENSION = re.compile(r"[\w-]+\.[\w.-]+")


def devcontainer(table: Table) -> DevContainer:
    """The table as a value. Raises InputError."""
    variables = table.table("environment")
    names = [*variables.content]
    for name in names:
        if not _VARIABLE.fullmatch(name) or name == "PATH":
            raise variables.wrong(name, "is not a variable of a container")
    made = DevContainer(
        base=table.text("base"),
        packages=_each(table, "packages", _PACKAGE, "names of packages"),
        environment={name: variables.text(name) or "" for name in names},
        extensions=_each(table, "extensions", _EXTENSION, "extensions, as `publisher.name`"),
        first_step=table.text("first_step"),
    )
    table.finish()
    return made


def _each(table: Table, key: str, form: re.Pattern[str], what: str) -> tuple[str, ...]:
    values = table.texts(key)
    if not all(map(form.fullmatch, values)):
        raise table.wrong(key, f"must be {what}")
    return values
