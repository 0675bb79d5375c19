"""The dev container taken down: what belongs to the checkout's project, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from devtool.adapters.engine.api import AbsentError, Api, connect
from devtool.errors import DevtoolError
from devtool.model.container import Blueprint, Container
from devtool.system import System
from devtool.workflows.containers.ageing import FOLDER
from devtool.workflows.containers.creating import PROJECT as OUR_PROJECT
from devtool.workflows.containers.own_folder import alone
from devtool.workflows.containers.raising import PROJECT, family, main
from devtool.workflows.containers.starting import work_inside

_LOCK_SECONDS = 60.0
# What people build in has nothing to save, and without an init its `sleep` or `tail` does not hear SIGTERM.
_WAITING_SECONDS, _SERVING_SECONDS = 2, 10
_T = TypeVar("_T")


@dataclass(frozen=True)
class Lowered:
    """What is gone."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    """The programs that worked inside."""
    kept: tuple[str, ...] = ()
    """What could not be removed, and why, one line each."""


def down(system: System, blueprint: Blueprint, *, volumes: bool = False) -> Lowered:
    """Stop and remove the project's containers and networks, with `volumes` our caches too.

    Raises DevtoolError where a container cannot be removed.
    """
    api = connect(system)
    with alone(system, blueprint.checkout, "up", _LOCK_SECONDS):
        found = family(system, api, blueprint)
        standing = main(found, blueprint)
        ended = work_inside(api, standing) if standing else ()
        _at_once(lambda each: _remove(api, each, _patience(each, standing)), found)
        networks, kept = _drop(api, _networks(api, blueprint))
        dropped, held = _drop(api, _volumes(api, blueprint)) if volumes else ((), ())
    return Lowered(tuple(sorted(each.name for each in found)), networks, dropped, ended, (*kept, *held))


def _patience(container: Container, standing: Container | None) -> int:
    return _WAITING_SECONDS if container == standing else _SERVING_SECONDS


def _remove(api: Api, container: Container, patience_seconds: int) -> None:
    try:
        if container.state in ("running", "paused", "restarting"):
            api.post(f"/containers/{container.id}/stop?t={patience_seconds}", {})
        api.delete(f"/containers/{container.id}?force=1")
    except AbsentError:  # somebody was faster, or it was to vanish when it ends
        return


def _networks(api: Api, blueprint: Blueprint) -> list[tuple[str, str]]:
    if not blueprint.compose_files:
        return []
    found = api.get(f"/networks?filters={_labelled(f'{PROJECT}={blueprint.project}')}")
    return [(str(each["Name"]), f"/networks/{each['Id']}") for each in found]


def _volumes(api: Api, blueprint: Blueprint) -> list[tuple[str, str]]:
    labels = (f"{FOLDER}={blueprint.checkout}", f"{OUR_PROJECT}={blueprint.project}")
    found = api.get(f"/volumes?filters={_labelled(*labels)}").get("Volumes") or ()
    return [(str(each["Name"]), f"/volumes/{quote(str(each['Name']))}") for each in found]


def _drop(api: Api, things: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of those that are gone now, and why others are not."""
    said = {name: _why_kept(api, target) for name, target in things}
    kept = tuple(f"`{name}` stays: {why}" for name, why in said.items() if why)
    return tuple(name for name, why in said.items() if not why), kept


def _why_kept(api: Api, target: str) -> str:
    try:
        api.delete(target)
    except AbsentError:
        return ""
    except DevtoolError as error:  # somebody else's container uses it
        return error.message
    return ""


def _labelled(*labels: str) -> str:
    return quote(json.dumps({"label": labels}))


def _at_once(work: Callable[[_T], None], things: Sequence[_T]) -> None:
    """Work on all of them at the same time: each may take its ten seconds to end."""
    if not things:
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(things)) as pool:
        list(pool.map(work, things))
