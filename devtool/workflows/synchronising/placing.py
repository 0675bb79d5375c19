"""Whether a container gets the checkout itself or a copy in a volume, and which volumes that makes."""

from __future__ import annotations

import json
import posixpath
from dataclasses import replace
from typing import NamedTuple
from zlib import crc32

from devtool.adapters.engine.endpoint import find_endpoint
from devtool.errors import DevtoolError, InputError
from devtool.model.container import LABEL, Blueprint, Mount, Service, Setting
from devtool.system import System
from devtool.workflows.containers.own_folder import kept, own_folder

WAYS = ("rsync", "git", "none")
VARIABLE = "DEVTOOL_SYNC"
_FILE = "sync-choice.json"
MADE = f"{LABEL}.made"
"""On our volumes: when each was made. What the engine itself says of that changes with what is written."""
# What an engine's machine has of its own, and people mount for that.
_OF_THE_ENGINE = ("/var/run", "/run", "/dev", "/sys", "/proc", "/lib/modules", "/etc")


class Choice(NamedTuple):
    """How the source gets there."""

    way: str | None
    """`rsync` or `git`; None for whichever is there."""
    said_by: str


def chosen(system: System, checkout: str) -> Choice | None:
    """How the source gets to the engine, None where the engine sees it.

    By `DEVTOOL_SYNC`, else as it was kept for this checkout and engine, else by where the engine is.
    Raises InputError.
    """
    said, said_by = system.env.get(VARIABLE, ""), f"`{VARIABLE}`"
    if said and said not in WAYS:
        raise InputError(f"`{VARIABLE}` is `{said}`", f"it is one of {', '.join(f'`{way}`' for way in WAYS)}")
    engine = _engine(system)
    if not said:
        said, said_by = _kept(system, checkout).get(engine or "", ""), "`--sync`"
    if said:
        return None if said == "none" else Choice(said, said_by)
    return Choice(None, f"`{engine}` does not see this folder") if engine else None


def keep(system: System, checkout: str, way: str) -> System:
    """Remember the way for this checkout on this engine; the doors where nothing else has a say."""
    ways = {**_kept(system, checkout), _engine(system) or "": way}
    system.files.write(_path(system, checkout), json.dumps(ways).encode())
    return replace(system, env={name: value for name, value in system.env.items() if name != VARIABLE})


def placed(system: System, blueprint: Blueprint) -> Blueprint:
    """The blueprint with volumes for folders of this machine that its engine cannot see."""
    choice = chosen(system, blueprint.checkout)
    if choice is None:
        return blueprint
    notes: list[str] = []
    setting = Setting("sync", choice.way or "rsync or git", choice.said_by)
    return replace(
        blueprint,
        service=_moved(system, blueprint, blueprint.service, notes),
        companions=tuple(_moved(system, blueprint, each, notes) for each in blueprint.companions),
        settings=(*blueprint.settings, setting),
        notes=(*blueprint.notes, *notes),
    )


def volumes(blueprint: Blueprint, service: Service) -> tuple[Mount, ...]:
    """Those of the service's mounts that stand for folders of this machine."""
    ours = _name(blueprint)
    return tuple(each for each in service.mounts if each.kind == "volume" and each.source.startswith(ours))


def source_volume(blueprint: Blueprint) -> str | None:
    """The volume that holds the source, None where the container has the checkout itself."""
    found = (each for each in volumes(blueprint, blueprint.service) if each.source == _name(blueprint))
    return next((each.source for each in found), None)


def _moved(system: System, blueprint: Blueprint, service: Service, notes: list[str]) -> Service:
    main = service.name == blueprint.service.name
    mounts = tuple(_moved_mount(system, blueprint, each, notes, main=main) for each in service.mounts)
    return replace(service, mounts=mounts)


def _moved_mount(
    system: System, blueprint: Blueprint, mount: Mount, notes: list[str], *, main: bool
) -> Mount:
    if mount.kind != "bind":
        return mount
    checkout, source = blueprint.checkout, mount.source
    within = posixpath.normpath(posixpath.join(mount.target, posixpath.relpath(checkout, source)))
    if main and _covers(source, checkout) and (source == checkout or within == blueprint.workspace):
        return replace(mount, kind="volume", source=_name(blueprint))
    if not _covers(checkout, source):
        if not any(_covers(place, source) for place in _OF_THE_ENGINE):
            notes.append(f"`{source}` inside is that of the engine's machine, not yours")
        return mount
    kind = system.files.kind(source)
    if kind == "file":
        notes.append(f"`{source}` is a file here, which the engine's machine does not have")
        return mount
    if not main and kind and system.files.names(source):
        notes.append(f"`{source}` is not sent: the service that mounts it begins with an empty one")
    told = f"{posixpath.basename(source)}-{crc32(source.encode()):08x}"
    return replace(mount, kind="volume", source=f"{_name(blueprint)}-{told.lstrip('.')}")


def _name(blueprint: Blueprint) -> str:
    return f"{blueprint.project}-source-{crc32(blueprint.checkout.encode()):08x}"


def _covers(above: str, path: str) -> bool:
    return f"{path}/".startswith(f"{above.rstrip('/')}/")


def _engine(system: System) -> str | None:
    try:
        return find_endpoint(system).elsewhere
    except DevtoolError:  # whoever needs the engine says so
        return None


def _kept(system: System, checkout: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in kept(system, checkout, _FILE).items()}


def _path(system: System, checkout: str) -> str:
    return f"{own_folder(system, checkout)}/{_FILE}"
