"""Doing what was planned: here, in the dev container, or in a builder that goes when it is done."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.model.container import Blueprint, Service
from devtool.system import System
from devtool.workflows.building.ground import is_here
from devtool.workflows.building.history import remember
from devtool.workflows.building.planning import Prepared
from devtool.workflows.containers import sharing
from devtool.workflows.containers.sharing import compiling
from devtool.workflows.running import Ran, Scene, here, memory_kills, run

if TYPE_CHECKING:
    from collections.abc import Callable

_DISK = "disk-full"
_FULL_BYTES = 1024**2


def perform(system: System, prepared: Prepared, *, announce: bool, fail_fast: bool) -> Ran:
    """Build, remember what it taught about memory, and diagnose a failure.

    Raises DevtoolError when the place cannot be made ready.
    """
    if prepared.plan.place.name == "local":
        ran = _locally(system, prepared, announce=announce, fail_fast=fail_fast)
    else:
        from devtool.workflows.building.inside import build_inside

        ran = build_inside(system, prepared, _advice(prepared), announce=announce, fail_fast=fail_fast)
    _learn(system, prepared, ran)
    return replace(ran, disk=_full(system, prepared, ran)) if ran.exit_status != 0 else ran


def _locally(system: System, prepared: Prepared, *, announce: bool, fail_fast: bool) -> Ran:
    scene = here(system, prepared.plan.argv)
    scene = Scene(lambda: memory_kills(system), _advice(prepared), scene.explain)
    env = _equipped(system)
    root = system.files.real(system.cwd)
    described = Blueprint(root, "", Service("", None, environment=env), workspace=root)
    with compiling(system, sharing.here(system, env), described, prepared.cache, announce=announce) as shared:
        env = {**env, **shared, **prepared.plan.environment}
        return run(system, prepared.plan.argv, announce=announce, fail_fast=fail_fast, env=env, scene=scene)


def _equipped(system: System) -> Mapping[str, str]:
    """What `devtool env` prints, over what the person has; its troubles are told."""
    from devtool.model.environment import applied, changes
    from devtool.workflows.equipping import equip

    environment = equip(system)
    for line in environment.troubles:
        system.console.note(f"devtool: {line}")
    return applied(system.env, changes(environment, system.env))


def _full(system: System, prepared: Prepared, ran: Ran) -> str:
    """Which disk is full: a compiler behind ccache says nothing of it."""
    if ran.diagnosis and any(each.id == _DISK for each in ran.diagnosis.findings):
        return ""
    folders = [system.cwd]
    if prepared.plan.place.name != "local" and is_here(prepared.ground, prepared.host):
        folders.append(str(prepared.ground.engine.get("DockerRootDir") or "/"))
    for folder in folders:
        free = system.files.free_bytes(folder)
        if free is not None and free < _FULL_BYTES:
            return f"no space is left where `{folder}` lies: `devtool explain {_DISK}` says what frees some"
    return ""


def _advice(prepared: Prepared) -> Callable[[], str | None]:
    def fewer_jobs() -> str | None:
        jobs, request = prepared.fewer, prepared.request
        if jobs is None:
            return None
        words = [
            "devtool", "build", *([request.target] if request.target else []),
            *(["--in", request.place] if request.place else []),
            # A login is not to stand on a terminal, nor in the history of a shell.
            *(["--cache", request.cache] if request.cache and "@" not in request.cache else []),
            "--jobs", str(jobs),
            *(["--", *request.args] if request.args else []),
        ]  # fmt: skip
        return shlex.join(words)

    return fewer_jobs


def _learn(system: System, prepared: Prepared, ran: Ran) -> None:
    plan, before = prepared.plan, prepared.record
    if ran.short_of_memory:
        after = before.after_kill(plan.jobs.count, prepared.room.memory_bytes)
    elif ran.exit_status == 0:
        after = before.after_success(plan.jobs.count)
    else:
        return
    if after != before:
        remember(system, system.cwd, plan.place.name, after)
