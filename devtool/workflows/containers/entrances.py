"""The way into a dev container, kept between runs: reading Compose files takes as long as starting a program.

It holds while every file it was read from, and every variable that had a say, is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from devtool.adapters.repository import find_root
from devtool.system import System
from devtool.workflows.containers.own_folder import keep, kept

if TYPE_CHECKING:
    from devtool.model.container import Blueprint

_FILE = "entrance.json"
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
        data = kept(system, root, _FILE)
        if data["schema"] != _SCHEMA or data["state"] != _state(system, data["files"], data["variables"]):
            return None
        return Entrance(**data["entrance"])
    except (KeyError, TypeError):
        return None


def remember(system: System, entrance: Entrance, blueprint: Blueprint) -> None:
    """Keep it; a home that takes nothing costs a few hundredths of a second each time."""
    if system.files.real(_root(system)) != entrance.checkout:
        return  # found from a folder that is no checkout of its own
    files, variables = list(blueprint.rests_on), list(blueprint.asked)
    remembered = {
        "schema": _SCHEMA,
        "files": files,
        "variables": variables,
        "state": _state(system, files, variables),
        "entrance": entrance._asdict(),
    }
    keep(system, entrance.checkout, _FILE, remembered)


def _state(system: System, files: list[str], variables: list[str]) -> list[Any]:
    stamps = [vars(stamp) if (stamp := system.files.stamp(path)) else None for path in files]
    engine = [system.env.get(name) for name in ("DOCKER_HOST", "DOCKER_CONTEXT")]
    return [stamps, [system.env.get(name) for name in variables], engine, system.machine.user_id()]


def _root(system: System) -> str:
    return find_root(system, system.cwd) or system.cwd
