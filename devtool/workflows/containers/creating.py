"""A container made from its blueprint: by Compose where there are Compose files, else by `docker create`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from devtool.adapters.caches import covers
from devtool.adapters.compose import override
from devtool.adapters.compose.generation import choose
from devtool.adapters.compose.invocation import Project
from devtool.adapters.engine.api import Api
from devtool.errors import DevtoolError, InputError
from devtool.model.command import Answer
from devtool.model.container import LABEL, Blueprint, Mount, Service
from devtool.system import System
from devtool.workflows.containers import images
from devtool.workflows.containers.ageing import FOLDER, labels
from devtool.workflows.containers.own_folder import own_folder
from devtool.workflows.containers.preparing import cache_mounts, make_folders
from devtool.workflows.synchronising.placing import MADE, volumes

PROJECT = f"{LABEL}.project"
# As the reference command has it: https://github.com/devcontainers/cli, `singleContainer.ts`.
_WAIT = 'echo Container started\ntrap "exit 0" 15\nexec "$@"\nwhile sleep 1 & wait $!; do :; done'


def compose_up(
    system: System,
    api: Api,
    blueprint: Blueprint,
    services: Sequence[Service],
    *,
    made_by: str | None,
    renew: bool = False,
    build: bool = False,
) -> None:
    """Have Compose make and start these services. Raises DevtoolError."""
    compose = choose(system, made_by)
    main = blueprint.service in services
    path = f"{own_folder(system, blueprint.checkout)}/compose.override.json"
    mounts = (*cache_mounts(system, blueprint), *volumes(blueprint, blueprint.service)) if main else ()
    others = {each.name: volumes(blueprint, each) for each in services if each != blueprint.service}
    laid = override.render(
        blueprint.service, labels(blueprint), mounts, waits=waits(blueprint), others=others
    )
    system.files.write(path, laid.encode())
    project = Project(compose, blueprint.project, (*blueprint.compose_files, path))
    make_volumes(system, api, blueprint, (*mounts, *(each for theirs in others.values() for each in theirs)))
    if main:
        make_folders(system, blueprint)
    if build and main:
        build_image(system, blueprint, made_by)
    for service in services:
        if service.image:
            images.provide(system, api, service.image, service.platform, _advice(service))
    built = any(not each.image for each in services)
    argv = project.up([each.name for each in services], renew=renew, build=built)
    _run(system, blueprint, argv, f"start {', '.join(each.name for each in services)}")


def waits(blueprint: Blueprint) -> bool:
    """Whether the container waits for work in place of its command; a server without the checkout serves."""
    inside = any(covers(mount.target, blueprint.workspace) for mount in blueprint.service.mounts)
    return inside and not blueprint.own_command


def build_image(system: System, blueprint: Blueprint, made_by: str | None) -> None:
    """Build the image from the checkout, whatever image is here. Raises InputError where nothing says how."""
    if not blueprint.service.build:
        raise InputError(f"the checkout does not say how to build the image of `{blueprint.service.name}`")
    if not blueprint.compose_files:
        images.build(system, blueprint)
        return
    project = Project(choose(system, made_by), blueprint.project, blueprint.compose_files)
    _run(system, blueprint, project.build(blueprint.service.name), "build the image")


def create(system: System, api: Api, blueprint: Blueprint) -> str:
    """Make the one container of a `devcontainer.json` without Compose; its number. Raises DevtoolError."""
    service = blueprint.service
    if service.image:
        images.provide(system, api, service.image, service.platform)
        image = service.image
    else:
        image = images.build(system, blueprint)
    mounts = cache_mounts(system, blueprint)
    make_folders(system, blueprint)
    make_volumes(system, api, blueprint, (*mounts, *volumes(blueprint, service)))
    argv = _create_argv(blueprint, image, mounts, _own_command(api, blueprint, image))
    answer = system.process.run(argv, timeout_seconds=None, cwd="/")
    if not answer.ok:
        raise _refused(system, "make the container", answer)
    return answer.stdout.split()[-1]


def _create_argv(
    blueprint: Blueprint, image: str, mounts: Sequence[Mount], command: Sequence[str]
) -> list[str]:
    service = blueprint.service
    carried = {**labels(blueprint), PROJECT: blueprint.project}
    argv = ["docker", "create", "--init"]
    argv += [word for name, value in carried.items() for word in ("--label", f"{name}={value}")]
    argv += [word for mount in (*service.mounts, *mounts) for word in ("--mount", _mount(mount))]
    argv += [word for name, value in service.environment.items() for word in ("--env", f"{name}={value}")]
    argv += [word for port in service.ports for word in ("--publish", port)]
    argv += [word for name in service.cap_add for word in ("--cap-add", name)]
    argv += [word for option in service.security_opt for word in ("--security-opt", option)]
    argv += ["--user", service.user] if service.user else []
    argv += ["--platform", service.platform] if service.platform else []
    argv += ["--privileged"] if service.privileged else []
    # Last, so that what the file says in docker's own words has the last word.
    return [*argv, *blueprint.run_arguments, "--entrypoint", "/bin/sh", image, "-c", _WAIT, "-", *command]


def _own_command(api: Api, blueprint: Blueprint, image: str) -> list[str]:
    if not blueprint.own_command:
        return []
    from urllib.parse import quote

    config = api.get(f"/images/{quote(image)}/json").get("Config") or {}
    return [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())]


def make_volumes(system: System, api: Api, blueprint: Blueprint, mounts: Sequence[Mount]) -> None:
    """Make our volumes, labelled; one that is there stays as it is."""
    for mount in mounts:
        if mount.kind == "volume":
            ours = {PROJECT: blueprint.project, FOLDER: blueprint.checkout, MADE: f"{system.clock.now():.6f}"}
            api.post("/volumes/create", {"Name": mount.source, "Labels": ours})


def _run(system: System, blueprint: Blueprint, argv: list[str], doing: str) -> None:
    with system.console.progress(f"{doing}…"):
        answer = system.process.run(
            argv,
            timeout_seconds=None,
            cwd=posixpath.dirname(blueprint.compose_files[0]),
            env=_environment(system.env, blueprint),
        )
    if not answer.ok:
        raise _refused(system, doing, answer)


def _environment(env: Mapping[str, str], blueprint: Blueprint) -> dict[str, str | None]:
    """What decides beside the command line is decided already."""
    stray = ("COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "DOCKER_DEFAULT_PLATFORM")
    return {**{name: None for name in stray if name in env}, **blueprint.variables}


def _mount(mount: Mount) -> str:
    fields = [f"type={mount.kind}", f"source={mount.source}", f"target={mount.target}"]
    fields += ["readonly"] if mount.read_only else []
    return ",".join(map(_field, fields))


def _field(text: str) -> str:
    """The text as docker reads it from a row of values."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text


def _advice(service: Service) -> str | None:
    return "`devtool container up --build` makes it from this checkout" if service.build else None


def _refused(system: System, doing: str, answer: Answer) -> DevtoolError:
    from devtool.workflows.containers.refusals import refused

    return refused(system, doing, answer)
