"""Mirrors as files state them: `[mirrors]` of a `devtool.toml`, and the person's own `mirrors.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.mirrors import KINDS, Mirror, is_address
from devtool.requirements.table import Table, lines
from devtool.system.toml import TOMLDecodeError, loads

if TYPE_CHECKING:
    from devtool.system import System

_NAME = "mirrors.toml"


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
