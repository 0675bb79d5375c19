"""Named connections from the person's own file and the checkout's `devtool.toml`, and the one that is meant.

Passwords stand in neither: they come from the environment or the keyring. What
a checkout states may name variables of Milvus alone, so that a stranger's file
cannot have some other secret sent to an address of its choice.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace

from devtool.adapters.keyring import password as kept_password
from devtool.errors import InputError
from devtool.model.connection import DEFAULT_LIMIT_SECONDS, Address
from devtool.requirements.connecting import Stated, own_connections, stated_connections
from devtool.system import System
from devtool.workflows import deploying
from devtool.workflows.connecting.addressing import DEFAULT_PORT, is_file, parse_address, with_credentials

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
KEYRING = "devtool-milvus"
"""The service under which a keyring holds a password; its user is `user@host:port`."""


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    target: str | None = None
    """A URI or a profile."""
    profile: str | None = None
    database: str | None = None
    authority: str | None = None
    certificate: str | None = None
    key: str | None = None
    server_name: str | None = None
    limit_seconds: float | None = None


def find_address(system: System, wish: Wish) -> Address:
    """The address that is meant, with its credentials. Raises InputError."""
    if wish.target and wish.profile:
        raise InputError(
            f"`{wish.target}` and `--profile {wish.profile}` name two connections", "give one of them"
        )
    address = _chosen(system, wish)
    if wish.certificate and not wish.key:
        raise InputError("`--cert` is given without `--key`", "give the file of its private key too")
    return replace(
        address,
        authority=_path(system, wish.authority) or address.authority,
        certificate=_path(system, wish.certificate) or address.certificate,
        key=_path(system, wish.key) or address.key,
        database=wish.database or address.database,
        server_name=wish.server_name or address.server_name,
        limit_seconds=wish.limit_seconds or address.limit_seconds,
    )


def _path(system: System, given: str | None) -> str | None:
    return posixpath.join(system.cwd, given) if given else None


def _chosen(system: System, wish: Wish) -> Address:
    env = system.env
    wanted = wish.profile or wish.target
    named = wish.profile is not None
    origin = "`--profile`" if named else "the command line"
    if wanted is None and env.get("MILVUS_ENV"):
        wanted, named, origin = env["MILVUS_ENV"], True, "MILVUS_ENV"
    if wanted is not None and (named or (_NAME.fullmatch(wanted) and wanted != "localhost")):
        known = _profiles(system)
        if stated := known.get(wanted):
            return _of_profile(system, stated)
        listed = ", ".join(f"`{name}`" for name in known) or "none is stated"
        raise InputError(
            f"there is no connection called `{wanted}` ({origin})",
            f"known: {listed}; they stand in `{_own_file(system)}` or `[connections]` of a `devtool.toml`",
        )
    if wanted is not None:
        return _with_environment(system, _parsed(system, wanted, origin))
    if uri := env.get("MILVUS_URI"):
        return _with_environment(system, _parsed(system, uri, "MILVUS_URI"))
    if host := env.get("MILVUS_HOST"):
        port = env.get("MILVUS_PORT") or str(DEFAULT_PORT)
        text = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return _with_environment(system, _parsed(system, text, "MILVUS_HOST"))
    if env.get("MILVUS_PORT"):
        port = env["MILVUS_PORT"]
        return _with_environment(system, _parsed(system, f"http://127.0.0.1:{port}", "MILVUS_PORT"))
    running = [each for each in deploying.status(system) if each.state in ("running", "starting")]
    if running:
        chosen = next((each for each in running if each.name == deploying.DEFAULT_NAME), running[0])
        origin = f"`devtool deploy status`, `{chosen.name}`"
        return _with_environment(system, parse_address(chosen.uri, origin, system.cwd))
    default = parse_address(f"http://localhost:{DEFAULT_PORT}", "the default", system.cwd)
    return _with_environment(system, default)


def _parsed(system: System, text: str, origin: str) -> Address:
    return parse_address(text, origin, system.cwd, system.machine.home(system.env))


def _with_environment(system: System, address: Address) -> Address:
    env = system.env
    user = env.get("MILVUS_USER")
    address = replace(address, database=address.database or env.get("MILVUS_DB_NAME") or None)
    password = env.get("MILVUS_PASSWORD")
    if user and password is None and not env.get("MILVUS_TOKEN"):
        password = kept_password(system, KEYRING, f"{user}@{address.host}:{address.port}")
    return with_credentials(address, user, password, env.get("MILVUS_TOKEN"))


def _profiles(system: System) -> dict[str, Stated]:
    found = {stated.name: stated for stated in stated_connections(system, system.cwd)}
    return found | {stated.name: stated for stated in own_connections(system)}


def _own_file(system: System) -> str:
    folder = system.directories.config
    return f"{folder}/connections.toml" if folder else "connections.toml"


def _of_profile(system: System, stated: Stated) -> Address:
    origin = f"profile `{stated.name}`, {stated.source}"
    text = stated.uri if stated.uri and (is_file(stated.uri) or "://" in stated.uri) else None
    if text is None:
        port = stated.port or DEFAULT_PORT
        text = stated.uri or f"{'https' if stated.secure else 'http'}://{stated.host}:{port}"
    folder = posixpath.dirname(stated.path)
    address = parse_address(text, origin, folder, system.machine.home(system.env))
    address = replace(
        address,
        profile=stated.name,
        alias=stated.alias or stated.name,
        database=stated.database or address.database,
        authority=stated.ca and posixpath.join(folder, stated.ca),
        certificate=stated.cert and posixpath.join(folder, stated.cert),
        key=stated.key and posixpath.join(folder, stated.key),
        server_name=stated.server_name,
        limit_seconds=stated.timeout or DEFAULT_LIMIT_SECONDS,
    )
    token = system.env.get(stated.token_env or "MILVUS_TOKEN") if stated.token_env else None
    if token or not stated.user:
        return with_credentials(address, None, None, token)
    password = system.env.get(stated.password_env or "MILVUS_PASSWORD")
    if password is None:
        password = kept_password(system, KEYRING, f"{stated.user}@{address.host}:{address.port}")
    return with_credentials(address, stated.user, password, None)
