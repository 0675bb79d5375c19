"""What must hold before a build is worth starting: the engine's side, or the tools of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from devtool.checks import checks
from devtool.checks.check import Check, finding
from devtool.checks.resources import enough_memory, gib
from devtool.errors import DevtoolError
from devtool.model.build import Place
from devtool.model.host import GIB, Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Report
from devtool.model.requirement import Needs
from devtool.system import System
from devtool.workflows.building.ground import Ground, is_here
from devtool.workflows.building.jobs import PER_JOB_BYTES, Room
from devtool.workflows.examination import examine_all, examine_ids
from devtool.workflows.synchronising.placing import source_volume

_LEAST_DISK_BYTES = 2 * GIB
_ENGINE_DISK_BYTES = 10 * GIB
"""What an image of tools takes once it is unpacked."""
_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64", "aarch64": "arm64", "amd64": "amd64"}


def examine_gates(
    system: System, ground: Ground, place: Place, room: Room, host: Host, needs: Needs, *, built: bool
) -> Report:
    """Examine all that this place needs, all at once; `built` says that a build went through there before."""
    if place.name == "local":
        ids = [check.id for check in checks() if check.gates == "build"]
        found = examine_ids(system, host, needs, ids, checks, cached=True)
    else:
        found = examine_all(system, host, needs, _container_checks(ground, place, room))
    return Report(host, needs, tuple(_weighed(each, room, host, built) for each in found))


def _weighed(seen: Finding, room: Room, host: Host, built: bool) -> Finding:
    """The finding as a build takes it: little memory means few jobs, and a built checkout takes less disk."""
    if seen.severity != "failure":
        return seen
    if (
        seen.id == "memory"
        and room.memory_bytes is not None
        and enough_memory(room.memory_bytes, PER_JOB_BYTES)
    ):
        return replace(seen, severity="warning")
    if seen.id == "disk" and built and (host.disk_free_bytes or 0) >= _LEAST_DISK_BYTES:
        return replace(seen, severity="warning")
    return seen


def _container_checks(ground: Ground, place: Place, room: Room) -> tuple[Check, ...]:
    def check(name: str, title: str, examine: Callable[[System, Host, Needs], Finding]) -> Check:
        return Check(name, title, "container", examine)

    engine = check("docker-daemon", "Docker's engine answers", lambda *_: _engine(ground))
    disk = next(iter(checks(["disk"])))
    if not ground.engine:
        return (engine, disk)
    rows = [
        engine,
        check("docker-memory", "memory for containers", lambda _, __, needs: _memory(room, needs)),
        *([] if ground.blueprint and source_volume(ground.blueprint) else [disk]),
        check("docker-disk", "the engine's disk", lambda system, host, _: _engine_disk(system, ground, host)),
    ]
    if place.name == "devcontainer" and ground.up:
        return tuple(rows)  # its image is there, and runs
    image = _image(ground)
    rows.append(check("docker-image", "the builder's image", lambda *_: _image_there(ground, image)))
    rows.append(check("docker-platform", "the image's platform", lambda *_: _platform(ground, image)))
    if image is None:
        rows += checks(["docker-credentials"])
    return tuple(rows)


def _engine(ground: Ground) -> Finding:
    if ground.engine:
        return finding("docker-daemon", "ok", f"Docker {ground.engine.get('ServerVersion')} answers")
    cure = Remedy("`devtool doctor --only docker-daemon` says how to start it; `--in local` builds without")
    return finding("docker-daemon", "failure", ground.silence, remedies=(cure,))


def _memory(room: Room, needs: Needs) -> Finding:
    check_id, found = "docker-memory", room.memory_bytes
    if found is None:
        return finding(check_id, "unknown", "the engine does not say how much memory it has")
    said = f"{gib(found)} of {room.whose}"
    raised = Remedy("raise it in Docker Desktop's Settings, Resources, or where the container's limit is set")
    if not enough_memory(found, PER_JOB_BYTES):
        return finding(
            check_id, "failure", f"{said}: one compiler takes {gib(PER_JOB_BYTES)}", remedies=(raised,)
        )
    if needs.memory_bytes is not None and not enough_memory(found, needs.memory_bytes):
        asked = f"{needs.project} asks for {gib(needs.memory_bytes)}"
        return finding(check_id, "warning", f"{said}, and {asked}: few jobs are started", remedies=(raised,))
    return finding(check_id, "ok", said)


def _engine_disk(system: System, ground: Ground, host: Host) -> Finding:
    check_id = "docker-disk"
    folder = str(ground.engine.get("DockerRootDir") or "")
    there = is_here(ground, host) and system.files.kind(folder) is not None
    free = system.files.free_bytes(folder) if there else None
    if free is None:
        return finding(check_id, "skipped", "the engine's disk is not one of this machine")
    said = f"{gib(free)} free at `{folder}`, where the engine keeps images and volumes"
    cure = Remedy(
        "free some space: `docker system df` shows what takes it, `docker image prune` what is unused"
    )
    if free < _LEAST_DISK_BYTES:
        return finding(check_id, "failure", said, remedies=(cure,))
    if free < _ENGINE_DISK_BYTES:
        return finding(check_id, "warning", said, remedies=(cure,))
    return finding(check_id, "ok", said)


def _image(ground: Ground) -> dict[str, Any] | None:
    """What the engine knows of the image, None where it does not have it."""
    from devtool.adapters.engine.api import AbsentError

    name = ground.blueprint.service.image if ground.blueprint else None
    if name is None or ground.api is None:
        return None
    try:
        found: dict[str, Any] = ground.api.get(f"/images/{quote(name)}/json")
    except AbsentError:
        return None
    except DevtoolError:  # the engine says why where it is asked to use it
        return None
    return found


def _image_there(ground: Ground, image: dict[str, Any] | None) -> Finding:
    check_id = "docker-image"
    assert ground.blueprint is not None
    service = ground.blueprint.service
    if image is not None:
        return finding(check_id, "ok", f"`{service.image}` is there")
    if service.image is None:
        return finding(check_id, "ok", f"the image is built from `{(service.build or {}).get('dockerfile')}`")
    what = "pulled, which takes some gigabytes, or built" if service.build else "pulled"
    return finding(check_id, "warning", f"`{service.image}` is not here: it will be {what}")


def _platform(ground: Ground, image: dict[str, Any] | None) -> Finding:
    check_id = "docker-platform"
    assert ground.blueprint is not None
    own = _architecture(str(ground.engine.get("Architecture") or ""))
    asked = ground.blueprint.service.platform
    wanted = _architecture(asked.split("/")[1]) if asked and "/" in asked else own
    made = _architecture(str(image.get("Architecture") or "")) if image else wanted
    if made != wanted:
        other = Remedy(
            f"`docker pull --platform {asked} {ground.blueprint.service.image}` brings the other one"
        )
        said = f"the image is for {made}, and {asked} is asked for"
        return finding(check_id, "failure", said, remedies=(other,))
    if made != own:
        native = Remedy("build for the engine's own: `--platform` of `devtool container`, or `PLATFORM_ARCH`")
        said = f"the image is for {made} and the engine for {own}: it runs slowly, or not at all"
        return finding(check_id, "warning", said, remedies=(native,))
    return finding(check_id, "ok", f"the image and the engine are for {made}")


def _architecture(name: str) -> str:
    return _ARCHITECTURES.get(name.lower(), name.lower())
