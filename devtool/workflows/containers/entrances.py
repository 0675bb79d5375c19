"""The way into a dev container, kept between runs: reading Compose files takes as long as starting a program.

It holds while every file it was read from, and every variable that had a say, is as it was.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from devtool.adapters.repository import find_root
from devtool.errors import DevtoolError
from devtool.model.codec import parse_json
from devtool.system import System
from devtool.workflows.containers.own_folder import own_folder

if TYPE_CHECKING:
    from devtool.model.container import Blueprint

_SCHEMA = 1


class Entrance(NamedTuple):
    """How to work in a container that is up."""

    checkout: str
    """The folder on this machine, links followed."""
    container_id: str
    user: str
    """UID:GID."""
    workspace: str
    """Where the checkout lies inside."""
    environment: Mapping[str, str]


def recall(system: System) -> Entrance | None:
    """The way that was found last from this checkout, None where something has changed since."""
    try:
        root = _root(system)
        data = parse_json(system.files.read_text(_path(system, root)) or "null")
        if data["schema"] != _SCHEMA or data["state"] != _state(system, data["files"], data["variables"]):
            return None
        return Entrance(**data["entrance"])
    except (DevtoolError, ValueError, KeyError, TypeError):
        return None


def remember(system: System, entrance: Entrance, blueprint: Blueprint) -> None:
    """Keep it; a home that takes nothing costs a few hundredths of a second each time."""
    if system.files.real(_root(system)) != entrance.checkout:
        return  # found from a folder that is no checkout of its own
    files, variables = list(blueprint.rests_on), list(blueprint.asked)
    kept = {
        "schema": _SCHEMA,
        "files": files,
        "variables": variables,
        "state": _state(system, files, variables),
        "entrance": entrance._asdict(),
    }
    try:
        path = _path(system, entrance.checkout)
        system.files.make_folder(posixpath.dirname(path))
        # Readable by the person alone: the environment may hold what nobody else should see.
        system.files.write(path, json.dumps(kept).encode(), mode=0o600)
    except DevtoolError:
        return


def _state(system: System, files: list[str], variables: list[str]) -> list[Any]:
    stamps = [vars(stamp) if (stamp := system.files.stamp(path)) else None for path in files]
    engine = [system.env.get(name) for name in ("DOCKER_HOST", "DOCKER_CONTEXT")]
    return [stamps, [system.env.get(name) for name in variables], engine, system.machine.user_id()]


def _root(system: System) -> str:
    return find_root(system, system.cwd) or system.cwd


def _path(system: System, root: str) -> str:
    return f"{own_folder(system, root)}/entrance.json"
