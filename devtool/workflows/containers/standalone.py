"""The blueprint of a dev container that a `devcontainer.json` describes without Compose."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.adapters.compose.naming import Naming
from devtool.errors import InputError
from devtool.model.container import Blueprint, Mount, Service, Setting
from devtool.workflows.containers.platforms import architecture_of, host_architecture

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
    platform = Setting("platform", f"linux/{host_architecture(system)}", "the host")
    if options.platform:
        platform = Setting("platform", f"linux/{architecture_of(options.platform)}", "--platform")
        service = replace(service, platform=platform.value)
    workspace = described.workspace or "/"
    if not _mounted(service.mounts, workspace):
        notes.append(f"nothing is mounted at `{workspace}`: what is built inside stays inside")
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
        run_arguments=described.run_arguments,
        hooks=described.hooks,
        settings=(image, platform, Setting("workspace", workspace, shown), project),
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


def _mounted(mounts: tuple[Mount, ...], workspace: str) -> bool:
    return any(posixpath.commonpath((each.target, workspace)) == each.target for each in mounts)
