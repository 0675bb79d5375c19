"""The blueprint of a dev container that a `devcontainer.json` describes without Compose."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.adapters.compose.naming import Naming
from devtool.adapters.compose.service import size_bytes
from devtool.errors import InputError
from devtool.model.container import Blueprint, Mount, Service, Setting
from devtool.workflows.containers.platforms import asked_platform, host_architecture

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options, Source

SERVICE = "devcontainer"
"""What the one container is called where no Compose file names it."""


def blueprint(system: System, source: Source, options: Options) -> Blueprint:
    """What the `devcontainer.json` says. Raises InputError."""
    _refuse(options)
    described = source.devcontainer
    assert described is not None, "the caller found one"
    shown = described.path.removeprefix(f"{source.root}/")
    notes = []
    service = Service(
        name=SERVICE,
        image=described.image,
        build=described.build,
        build_args=described.build_args,
        user=described.user,
        environment=described.environment,
        mounts=described.mounts,
        ports=described.ports,
        init=described.init,
        privileged=described.privileged,
        cap_add=described.cap_add,
        security_opt=described.security_opt,
    )
    image = Setting("image", service.image or "", shown)
    if options.image:
        service = replace(service, image=options.image, build=None)
        image = Setting("image", options.image, "--image")
    arguments = described.run_arguments
    stated, without = _taken(arguments, "--platform")
    asked = asked_platform(system, options.platform)
    if asked and (options.platform or not stated):
        arguments, platform = without, asked
    elif stated:
        platform = Setting("platform", stated, shown)
    else:
        platform = Setting("platform", f"linux/{host_architecture(system)}", "the host")
    if asked or stated:
        service = replace(service, platform=platform.value)
    service = replace(service, shm_bytes=size_bytes(_taken(arguments, "--shm-size")[0], shown))
    workspace = described.workspace or "/"
    if not _mounted(service.mounts, workspace):
        notes.append(f"nothing is mounted at `{workspace}`: what is built inside stays inside")
    user = (Setting("user", described.remote_user, shown),) if described.remote_user else ()
    if described.features:
        notes.append(features_note(described.features))
    project = Setting("project", options.project or "", "--project")
    if not options.project:
        project = Setting("project", Naming(source.root).name(2), "the folder's name")
    return Blueprint(
        checkout=source.root,
        project=project.value,
        service=service,
        workspace=workspace,
        devcontainer_file=described.path,
        remote_user=described.remote_user,
        remote_environment=described.remote_environment,
        own_command=described.own_command,
        run_arguments=arguments,
        hooks=described.hooks,
        settings=(image, platform, *user, Setting("workspace", workspace, shown), project),
        notes=tuple(notes),
    )


def _refuse(options: Options) -> None:
    """Raises InputError for what only Compose files can answer."""
    asked = {
        "--service": options.service,
        "--gpu": options.gpu,
        "--os": options.os_name,
        "--set": options.variables,
    }
    for flag, value in asked.items():
        if value:
            raise InputError(f"`{flag}` is for Compose files, and this dev container has none")


def features_note(features: tuple[str, ...]) -> str:
    """What VS Code does and we do not."""
    return f"only VS Code and `devcontainer` install the features {', '.join(features)}"


def _taken(arguments: tuple[str, ...], flag: str) -> tuple[str | None, tuple[str, ...]]:
    """The value of docker's flag, and the other words."""
    value, rest = None, []
    words = iter(arguments)
    for word in words:
        if word == flag:
            value = next(words, None)
        elif word.startswith(f"{flag}="):
            value = word.removeprefix(f"{flag}=")
        else:
            rest.append(word)
    return value, tuple(rest)


def _mounted(mounts: tuple[Mount, ...], workspace: str) -> bool:
    return any(posixpath.commonpath((each.target, workspace)) == each.target for each in mounts)
