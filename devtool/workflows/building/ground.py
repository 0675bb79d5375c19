"""What there is to build on besides this machine: a described container, an engine, one that runs already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devtool.errors import DevtoolError, InputError
from devtool.model.build import Place, PlaceName
from devtool.model.host import Host
from devtool.system import System
from devtool.workflows.building.jobs import Room

if TYPE_CHECKING:
    from devtool.adapters.engine.api import Api
    from devtool.model.container import Blueprint, Container


@dataclass(frozen=True)
class Ground:
    """What was found, and why the rest was not."""

    blueprint: Blueprint | None = None
    undescribed: str = ""
    """Why there is no blueprint."""
    api: Api | None = None
    engine: Mapping[str, Any] = field(default_factory=dict)
    """What the engine says of itself; empty where none answers."""
    silence: str = ""
    """Why none answers."""
    container: Container | None = None
    """The dev container, running or not."""
    memory_limit_bytes: int | None = None
    """What that container may take."""

    @property
    def up(self) -> bool:
        """Whether programs can be started in the dev container now."""
        return self.container is not None and self.container.running


def survey(system: System, asked: str | None) -> Ground:
    """Look at the checkout in `system.cwd` and at the engine; at neither where `local` is asked for.

    Raises InputError when a container is asked for and the checkout describes none, or not its own.
    """
    if asked == "local":
        return Ground()
    from devtool.adapters.engine.api import connect
    from devtool.workflows.containers.configuring import blueprint
    from devtool.workflows.containers.sources import Options

    try:
        described = blueprint(system, Options())
    except InputError as error:
        if asked is not None:
            raise
        return Ground(undescribed=error.message)
    try:
        api = connect(system)
        engine = api.get("/info")
        container, limit = _container(system, api, described)
    except DevtoolError as error:
        if asked is not None and isinstance(error, InputError):  # it is not the engine that has to be mended
            raise
        return Ground(described, silence=error.message)
    return Ground(described, "", api, engine, "", container, limit)


def choose(ground: Ground, asked: PlaceName | None) -> Place:
    """Where to build, and why there."""
    if asked is not None:
        return Place(asked, "`--in`")
    if ground.blueprint is None:
        return Place("local", ground.undescribed or "this checkout describes no container")
    if ground.silence:
        return Place("local", ground.silence)
    if ground.up:
        return Place("devcontainer", "it is up")
    return Place("builder", "a Docker engine answers, and the dev container is not up")


def is_here(ground: Ground, host: Host) -> bool:
    """Whether the engine's disk is one of this machine."""
    desktop = "Desktop" in str(ground.engine.get("OperatingSystem"))
    return (
        ground.api is not None
        and ground.api.endpoint.socket is not None
        and ground.api.endpoint.elsewhere is None
        and host.os == "linux"
        and not desktop
    )


def room(ground: Ground, place: Place, host: Host) -> Room:
    """The processors and the memory that a build has in this place."""
    if place.name == "local" or not ground.engine:
        cpus = host.cpus if host.cpu_limit is None else max(1, min(host.cpus, int(host.cpu_limit)))
        return Room(cpus, host.usable_memory_bytes, "memory")
    limits = [(int(ground.engine.get("MemTotal") or 0), "the engine's memory")]
    stated = ground.blueprint.service.memory_bytes if ground.blueprint else None
    limit = ground.memory_limit_bytes if place.name == "devcontainer" and ground.container else stated
    limits.append((limit or 0, "memory that the container may take"))
    # The engine of this very machine tells of all its memory, also of what our control group may not take.
    if host.memory_limit_bytes is not None and ground.engine.get("MemTotal") == host.memory_bytes:
        limits.append((host.memory_limit_bytes, "memory by this machine's limit"))
    known = [each for each in limits if each[0] > 0]
    memory, whose = min(known) if known else (None, "")
    return Room(int(ground.engine.get("NCPU") or host.cpus), memory, whose)


def _container(system: System, api: Api, described: Blueprint) -> tuple[Container | None, int | None]:
    from devtool.workflows.containers.raising import current

    found = current(system, described)
    if found is None:
        return None, None
    limit = (api.inspect(found.id).get("HostConfig") or {}).get("Memory")
    return found, limit if isinstance(limit, int) and limit > 0 else None
