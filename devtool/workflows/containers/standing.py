"""What the last `up` left behind: so that the next one, where nothing has changed, costs one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.adapters.engine.api import AbsentError, connect
from devtool.errors import DevtoolError
from devtool.system import System
from devtool.workflows.containers.entrances import recall
from devtool.workflows.containers.own_folder import own_folder

if TYPE_CHECKING:
    from devtool.model.container import Blueprint, Container


def standing(system: System) -> str | None:
    """The name of the container that runs as the checkout wants it; None where that has to be looked into.

    Raises DevtoolError when the engine does not answer.
    """
    entrance = recall(system)
    if entrance is None:
        return None
    noted = _noted(system, entrance.checkout)
    if noted != [entrance.container_id, _state(system, entrance.checkout)]:
        return None
    try:
        facts = connect(system).inspect(entrance.container_id)
    except AbsentError:
        return None
    running = facts["State"].get("Status") == "running"
    return str(facts["Name"]).removeprefix("/") if running else None


def settle(system: System, blueprint: Blueprint, container: Container) -> None:
    """Note that the container is as the checkout wants it, where it is."""
    from devtool.workflows.containers.ageing import changes
    from devtool.workflows.containers.entering import find_entrance
    from devtool.workflows.synchronising.placing import source_volume

    # A copy of the source is brought up to date by every `up`.
    if changes(container, blueprint) or source_volume(blueprint):
        return
    try:
        entrance = recall(system) or find_entrance(system, connect(system))
    except DevtoolError:  # nobody can work in it, which is not for `up` to say
        return
    if entrance.container_id == container.id:
        mark(system, blueprint.checkout, container.id, _state(system, blueprint.checkout))


def mark(system: System, checkout: str, container_id: str, state: str = "") -> None:
    """Note that all that is to be run in the container has been."""
    system.files.write(_path(system, checkout), f"{container_id}\n{state}\n".encode())


def marked(system: System, checkout: str) -> str | None:
    """The container in which all that is to be run has been."""
    return next(iter(_noted(system, checkout)), None)


def _noted(system: System, checkout: str) -> list[str]:
    return (system.files.read_text(_path(system, checkout)) or "").splitlines()


def _state(system: System, checkout: str) -> str:
    """What tells whether the way in was found anew since: from other files, or into another container."""
    stamp = system.files.stamp(f"{own_folder(system, checkout)}/entrance.json")
    return f"{stamp.inode} {stamp.modified_ns}" if stamp else ""


def _path(system: System, checkout: str) -> str:
    return f"{own_folder(system, checkout)}/up"
