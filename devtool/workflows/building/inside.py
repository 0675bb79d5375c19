"""A build inside a container: as the person, on our streams, explained by what holds in there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.adapters.engine.api import AbsentError
from devtool.adapters.engine.execution import ask
from devtool.adapters.engine.tunnel import reach
from devtool.adapters.versions import satisfies
from devtool.errors import DevtoolError
from devtool.system import System
from devtool.workflows.building.builder import builder
from devtool.workflows.building.client import command
from devtool.workflows.building.planning import Prepared
from devtool.workflows.containers.preparing import cache_mounts, make_folders, prepare
from devtool.workflows.containers.sharing import compiling, inside
from devtool.workflows.known_needs import known_needs
from devtool.workflows.running import Ran, Scene, run
from devtool.workflows.synchronising.placing import volumes
from devtool.workflows.synchronising.sending import synchronise

if TYPE_CHECKING:
    from devtool.adapters.engine.api import Api
    from devtool.model.container import Blueprint, Container, Person
    from devtool.model.diagnosis import Diagnosis
    from devtool.model.host import Host

# Of this machine's checks these hold for a container on it too.
_SHARED = frozenset(
    ("memory", "disk", "docker-daemon", "docker-memory", "docker-permission", "docker-credentials")
)
_COUNTERS = ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control")
"""Of both layouts; inside a container its own group is the root of the mount."""
_KILLS = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


def build_inside(
    system: System,
    prepared: Prepared,
    fewer_jobs: Callable[[], str | None],
    *,
    announce: bool,
    fail_fast: bool,
) -> Ran:
    """Run what was planned in the dev container or in a builder. Raises DevtoolError."""
    blueprint = prepared.ground.blueprint
    if blueprint is None or prepared.ground.api is None:
        raise DevtoolError(prepared.ground.silence or "there is no container to build in", "`--in local`")
    api, system = prepared.ground.api, reach(system)
    if prepared.plan.place.name == "builder":
        blueprint = _with_image(system, api, blueprint)
    with _container(system, prepared, api, blueprint) as container:
        scene = Scene(
            kills=lambda: _kills(system, api, container),
            fewer_jobs=fewer_jobs,
            explain=lambda log: _explain(system, api, container, prepared.host, log),
            name="in the container",
            gone=lambda: _gone(api, container),
        )
        synchronise(system, api, container, blueprint)
        person = prepare(system, api, container, blueprint)
        asker = inside(system, api, container, person)
        with compiling(system, asker, blueprint, prepared.cache, announce=announce) as shared:
            argv, env = _client(system, prepared, container, blueprint, person, shared)
            return run(
                system,
                argv,
                announce=announce,
                fail_fast=fail_fast,
                env=env,
                scene=scene,
                called=prepared.plan.argv[0],
            )


def _with_image(system: System, api: Api, blueprint: Blueprint) -> Blueprint:
    """The blueprint with an image that the engine has: as it was, fetched, or built."""
    from devtool.workflows.containers.images import build, provide

    service = blueprint.service
    if service.image is not None:
        try:
            provide(system, api, service.image, service.platform)
        except DevtoolError as error:
            if service.build is None:
                raise
            system.console.note(f"devtool: {error.message}")
        else:
            return blueprint
    return replace(blueprint, service=replace(service, image=build(system, blueprint)))


@contextmanager
def _container(system: System, prepared: Prepared, api: Api, blueprint: Blueprint) -> Iterator[Container]:
    if prepared.plan.place.name == "builder":
        from devtool.workflows.containers.creating import make_volumes

        mounts = cache_mounts(system, blueprint)
        make_folders(system, blueprint)
        make_volumes(system, api, blueprint, (*mounts, *volumes(blueprint, blueprint.service)))
        with builder(system, api, blueprint, mounts, _cpus(system, prepared)) as container:
            yield container
        return
    from devtool.workflows.containers.raising import tell_age, up

    there = prepared.ground.container
    if there is None or not there.running:
        yield up(system, blueprint)
        return
    tell_age(system, there, blueprint)
    yield there


def _client(
    system: System,
    prepared: Prepared,
    container: Container,
    blueprint: Blueprint,
    person: Person,
    shared: Mapping[str, str],
) -> tuple[list[str], dict[str, str]]:
    return command(
        system,
        container.id,
        prepared.plan.argv,
        user=f"{person.uid}:{person.gid}",
        folder=prepared.plan.folder,
        environment={
            **person.environment,
            **blueprint.remote_environment,
            **shared,
            **prepared.plan.environment,
        },
    )


def _cpus(system: System, prepared: Prepared) -> int | None:
    """How many processors to give a builder, where Conan 2 builds in it: of jobs nothing else can tell it.

    It reads no variable, but its group's share: https://docs.conan.io/2/reference/tools/build.html#conan-tools-build-build-jobs
    """
    conan, jobs = known_needs(system).tool("conan"), prepared.plan.jobs.count
    second = conan is not None and conan.needed and satisfies("1.99", conan.specifier or "") is False
    return jobs if second and jobs < prepared.room.cpus else None


def _kills(system: System, api: Api, container: Container) -> int | None:
    """How many processes of the container the kernel has ended for want of memory."""
    try:
        answer = ask(system, api, container.id, ["cat", *_COUNTERS])
    except DevtoolError:
        return None
    found = _KILLS.search(answer.stdout)
    return int(found[1]) if found else None


def _gone(api: Api, container: Container) -> str:
    """Why the container runs no more, where it was not for want of memory."""
    try:
        state = api.inspect(container.id)["State"]
    except AbsentError:
        return f"the container `{container.name}` was removed while it ran"
    except DevtoolError:  # what the log says then is known
        return ""
    if state.get("Running") or state.get("OOMKilled"):
        return ""
    return f"the container `{container.name}` was stopped while it ran"


def _explain(system: System, api: Api, container: Container, host: Host, log: str) -> Diagnosis:
    from devtool.workflows.diagnosing import Elsewhere, diagnose

    distribution, version = _release(system, api, container)
    inside = replace(host, os="linux", container="docker", distribution=distribution, version=version)
    return diagnose(system, [log], here=True, elsewhere=Elsewhere(inside, _SHARED))


def _release(system: System, api: Api, container: Container) -> tuple[str | None, str | None]:
    """What the container's os-release says of itself."""
    try:
        text = ask(system, api, container.id, ["cat", "/etc/os-release"]).stdout
    except DevtoolError:
        return None, None
    pairs = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    name, version = (pairs.get(key, "").strip("\"'") or None for key in ("ID", "VERSION_ID"))
    return name, version
