"""Connections as files state them: `[connections]` of a `devtool.toml`, and a person's `connections.toml`."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.requirements.table import Table, lines
from devtool.system.toml import TOMLDecodeError, loads

if TYPE_CHECKING:
    from devtool.system import System

_FILE = "connections.toml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_SECONDS = 60


@dataclass(frozen=True)
class Stated:
    """One named connection; `source` is its file and line."""

    name: str
    source: str
    path: str = ""
    """Absolute path of the file, from whose folder relative paths start."""
    uri: str | None = None
    host: str | None = None
    port: int | None = None
    secure: bool = False
    user: str | None = None
    password_env: str | None = None
    """The name of the variable that holds the password."""
    token_env: str | None = None
    database: str | None = None
    alias: str | None = None
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    server_name: str | None = None
    timeout: float | None = None


def own_connections(system: System) -> tuple[Stated, ...]:
    """The connections of the person's own file. Raises InputError for a broken one."""
    folder = system.directories.config
    path = f"{folder}/{_FILE}" if folder else None
    text = system.files.read_text(path) if path else None
    if path is None or text is None:
        return ()
    try:
        content = loads(text)
    except (TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"`{path}` is not valid TOML: {error}", "mend it, or remove it") from None
    found = connections(Table(content, (), path, lines(text)), own=True)
    return tuple(replace(each, path=path) for each in found)


def stated_connections(system: System, start: str) -> tuple[Stated, ...]:
    """The connections of the `devtool.toml` around `start`. Raises InputError for a broken one."""
    from devtool.requirements.reading import OWN_FILE, profile_around

    root, profile = profile_around(system, start)
    if root is None or profile is None:
        return ()
    return tuple(replace(each, path=posixpath.join(root, OWN_FILE)) for each in profile.connections)


def connections(table: Table, *, own: bool = False) -> tuple[Stated, ...]:
    """The connections of a table. Raises InputError, also for a password in it."""
    found: list[Stated] = []
    for name in list(table.content):
        if not _NAME.fullmatch(name):
            raise table.wrong(name, "is no name for a connection: use letters, digits, `-` and `_`")
        found.append(_connection(name, table.table(name), own=own))
    return tuple(found)


def _connection(name: str, table: Table, *, own: bool) -> Stated:
    for key in ("password", "token"):
        if key in table.content:
            raise table.wrong(key, f"is a secret in a file: name its variable in `{key}_env` instead")
    made = Stated(
        name,
        f"{table.source}:{table.line()}",
        uri=table.text("uri"),
        host=table.text("host"),
        port=table.take("port", int, "a TCP port"),
        secure=bool(table.take("secure", bool, "true or false")),
        user=table.text("user"),
        password_env=_variable(table, "password_env", own=own),
        token_env=_variable(table, "token_env", own=own),
        database=table.text("database"),
        alias=table.text("alias"),
        ca=table.text("ca"),
        cert=table.text("cert"),
        key=table.text("key"),
        server_name=table.text("server_name"),
        timeout=table.take("timeout", (int, float), "a number of seconds"),
    )
    table.finish()
    if (made.uri is None) == (made.host is None):
        raise table.wrong("uri", "or `host` must say where it is, one of them")
    if made.uri and re.search(r"//[^/@]*:[^/@]*@", made.uri):
        raise table.wrong("uri", "holds a password: give `user`, and name its variable in `password_env`")
    if made.port is not None and not 0 < made.port < 65536:
        raise table.wrong("port", "must be a TCP port")
    if made.timeout is not None and not 0 < made.timeout <= _MOST_SECONDS:
        raise table.wrong("timeout", f"must lie between 0 and {_MOST_SECONDS} s")
    if (made.cert is None) != (made.key is None):
        raise table.wrong("cert", "and `key` belong together")
    return made


def _variable(table: Table, key: str, *, own: bool) -> str | None:
    name = table.text(key)
    if name is None:
        return None
    if not _VARIABLE.fullmatch(name):
        raise table.wrong(key, "must be the name of a variable")
    # Else a stranger's checkout could have any secret of the person sent to an address of its own.
    if not own and not name.startswith("MILVUS_"):
        raise table.wrong(key, "must begin with `MILVUS_` in a checkout; your own file may name any")
    return name
