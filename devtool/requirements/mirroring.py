"""Mirrors as files state them: `[mirrors]` of a `devtool.toml`, and the person's own `mirrors.toml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.mirrors import KINDS, Mirror, is_address
from devtool.requirements.table import Table, lines
from devtool.system.toml import TOMLDecodeError, loads

if TYPE_CHECKING:
    from devtool.system import System

_NAME = "mirrors.toml"
_HEADER = "# Where devtool fetches things from, before what a checkout says and after the environment.\n"


def own_file(system: System) -> str | None:
    """Where the person's own mirrors are written; None without a home."""
    folder = system.directories.config
    return f"{folder}/{_NAME}" if folder else None


def own_mirrors(system: System) -> tuple[Mirror, ...]:
    """The mirrors of the person's own file. Raises InputError for a broken one."""
    path = own_file(system)
    text = system.files.read_text(path) if path else None
    if path is None or text is None:
        return ()
    try:
        content = loads(text)
    except (TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"`{path}` is not valid TOML: {error}", "mend it, or remove it") from None
    table = Table(content, (), path, lines(text))
    found = addresses(table)
    table.finish()
    return found


def addresses(table: Table) -> tuple[Mirror, ...]:
    """The addresses of each kind in a table, in the order of KINDS. Raises InputError."""
    found = [(kind, url, f"{table.source}:{table.line(kind)}") for kind in KINDS for url in table.texts(kind)]
    for kind, url, _ in found:
        if not is_address(url):
            raise table.wrong(kind, "must be an http or https address")
    return tuple(Mirror(*each) for each in found)


def with_address(path: str, text: str | None, kind: str, url: str) -> str:
    """The person's own file with that address for the kind, all else left as it is.

    Raises InputError where the kind stands there in a form that only a person can change.
    """
    wanted = f"{kind} = {json.dumps(url, ensure_ascii=False)}"  # of such a string TOML makes the same
    if text is None:
        return f"{_HEADER}{wanted}\n"
    rows = text.split("\n")
    if kind not in loads(text):
        return "\n".join([*rows[:-1], *([rows[-1]] if rows[-1] else []), wanted, ""])
    number = lines(text).get((kind,), 1) - 1
    try:
        alone = loads(rows[number].rstrip("\r"))
    except (TOMLDecodeError, ValueError):
        alone = {}
    if [*alone] != [kind]:
        raise InputError(f"`{kind}` in `{path}` stands over several lines", f"put `{wanted}` there yourself")
    end = "\r" if rows[number].endswith("\r") else ""
    return "\n".join([*rows[:number], wanted + end, *rows[number + 1 :]])
