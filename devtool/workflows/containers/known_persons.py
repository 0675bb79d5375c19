"""Who has been made room for in which container, kept between runs: to ask a container costs an exec."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from devtool.errors import DevtoolError
from devtool.model.codec import parse_json
from devtool.model.container import Person
from devtool.system import System
from devtool.workflows.containers.own_folder import own_folder

_KEPT_CONTAINERS = 8


def recall(system: System, checkout: str, container_id: str, asked: str) -> Person | None:
    """The person for whom the container was prepared in exactly this way, None where it was not."""
    try:
        entry = _load(system, _path(system, checkout))[container_id]
        return Person(**entry["person"]) if entry["asked"] == asked else None
    except (DevtoolError, KeyError, TypeError):
        return None


def remember(system: System, checkout: str, container_id: str, asked: str, person: Person) -> None:
    """Keep it; a home that takes nothing costs an exec each time."""
    try:
        path = _path(system, checkout)
        others = [(key, entry) for key, entry in _load(system, path).items() if key != container_id]
        entry = {
            "asked": asked,
            "person": {
                "uid": person.uid,
                "gid": person.gid,
                "name": person.name,
                "home": person.home,
                "environment": dict(person.environment),
            },
        }
        kept = {**dict(others[1 - _KEPT_CONTAINERS :]), container_id: entry}
        system.files.make_folder(posixpath.dirname(path))
        system.files.write(path, json.dumps(kept).encode(), mode=0o600)
    except DevtoolError:
        return


def _path(system: System, checkout: str) -> str:
    return f"{own_folder(system, checkout)}/persons.json"


def _load(system: System, path: str) -> dict[str, Any]:
    try:
        data = parse_json(system.files.read_text(path) or "{}")
    except (DevtoolError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
