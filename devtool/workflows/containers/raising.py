"""The dev container of a checkout, up: found, started or made; renewed only where asked."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence

from devtool.adapters.engine.api import Api, connect
from devtool.errors import InputError
from devtool.model.container import Blueprint, Container, Service
from devtool.system import System
from devtool.workflows.containers.ageing import CONFIG, FINGERPRINT, FOLDER, changes
from devtool.workflows.containers.own_folder import own_folder
from devtool.workflows.containers.standing import mark, marked
from devtool.workflows.synchronising.placing import source_volume

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
ONE_OFF = "com.docker.compose.oneoff"
WORKING_DIR = "com.docker.compose.project.working_dir"
_LOCK_SECONDS = 1800.0


def up(
    system: System,
    blueprint: Blueprint,
    *,
    with_services: Sequence[str] = (),
    recreate: bool = False,
    force: bool = False,
    build: bool = False,
    initialize: bool = False,
) -> Container:
    """The running container, with the services asked for beside it.

    One that runs is taken as it is, whoever made it; that it is older than the checkout is said.
    Raises DevtoolError where it cannot be had, and rather than end a program in it without `force`.
    """
    api = connect(system)
    wanted = _companions(blueprint, with_services)
    if not (recreate or build):
        found = family(system, api, blueprint)
        container = main(found, blueprint)
        if container and _complete(system, container, blueprint) and not _missing(found, wanted):
            tell_age(system, container, blueprint)
            if source_volume(blueprint):
                from devtool.workflows.synchronising.sending import synchronise

                synchronise(system, api, container, blueprint)
            return container
    from devtool.workflows.containers.starting import Start

    place = own_folder(system, blueprint.checkout)
    with system.files.lock(f"{place}/up.lock", _LOCK_SECONDS):
        start = Start(system, api, blueprint, recreate, force, build, initialize)
        container = start.main()
        start.companions(_missing(family(system, api, blueprint), wanted))
        start.finish(container)
        mark(system, blueprint.checkout, container.id)
    return container


def current(system: System, blueprint: Blueprint) -> Container | None:
    """The checkout's container, running or not; costs one question. Raises DevtoolError."""
    return main(family(system, connect(system), blueprint), blueprint)


def family(system: System, api: Api, blueprint: Blueprint) -> tuple[Container, ...]:
    """All containers of the checkout, the newest first, without those that only run one command.

    Raises InputError where another folder's containers have the project's name.
    """
    if not blueprint.compose_files:
        found = api.containers({FOLDER: blueprint.checkout})
        return tuple(each for each in found if each.labels.get(CONFIG) in (None, blueprint.devcontainer_file))
    found = api.containers({PROJECT: blueprint.project})
    found = tuple(each for each in found if each.labels.get(ONE_OFF, "False") != "True")
    for each in found:
        if not _belongs(system, each, blueprint):
            other = each.labels.get(FOLDER) or each.labels[WORKING_DIR]
            raise InputError(
                f"`{blueprint.project}` is the name of another project's containers, of `{other}`",
                "give this one a name of its own: `--project NAME`, or `COMPOSE_PROJECT_NAME`",
            )
    return found


def main(found: Collection[Container], blueprint: Blueprint) -> Container | None:
    """The one that people build in; one that runs before one that does not."""
    mine = [each for each in found if not blueprint.compose_files or each.service == blueprint.service.name]
    return next((each for each in mine if each.running), next(iter(mine), None))


def tell_age(system: System, container: Container, blueprint: Blueprint) -> None:
    """Say where the checkout has moved on since the container was made."""
    moved = changes(container, blueprint)
    for line in moved:
        system.console.note(f"`{container.name}` is older than the checkout: {line}")
    if moved:
        system.console.note(
            "  `devtool container up --recreate` renews it; what was installed inside is lost"
        )


def _belongs(system: System, container: Container, blueprint: Blueprint) -> bool:
    place = container.labels.get(FOLDER) or container.labels.get(WORKING_DIR)
    # Compose names the folder of its first file. Others below the checkout may be checkouts of their own.
    ours = {blueprint.checkout, *map(posixpath.dirname, blueprint.compose_files)}
    return not place or place in ours or system.files.real(place) in ours


def _complete(system: System, container: Container, blueprint: Blueprint) -> bool:
    """Whether it runs, and what is to be run in one of ours has been: we may have been killed before that."""
    if not container.running:
        return False
    if not blueprint.hooks or FINGERPRINT not in container.labels:
        return True
    return marked(system, blueprint.checkout) == container.id


def _missing(found: Collection[Container], wanted: Sequence[Service]) -> list[Service]:
    running = {each.service for each in found if each.running}
    return [each for each in wanted if each.name not in running]


def _companions(blueprint: Blueprint, names: Sequence[str]) -> tuple[Service, ...]:
    """The services asked for, each with what it depends on. Raises InputError for one that is not there."""
    known = {each.name: each for each in blueprint.companions}
    chosen: dict[str, Service] = {}
    left = list(names)
    while left:
        name = left.pop(0)
        if name == blueprint.service.name or name in chosen:
            continue
        if name not in known:
            there = ", ".join(known) or "none beside it"
            raise InputError(f"there is no service `{name}`", f"there are: {there}")
        chosen[name] = known[name]
        left += known[name].depends_on
    return tuple(chosen.values())
