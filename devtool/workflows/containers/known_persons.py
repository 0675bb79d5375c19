"""Who has been made room for in which container, kept between runs: to ask a container costs an exec."""

from __future__ import annotations

from devtool.model.container import Person
from devtool.system import System
from devtool.workflows.containers.own_folder import keep, kept

_FILE = "persons.json"
_KEPT_CONTAINERS = 8


def recall(system: System, checkout: str, container_id: str, asked: str) -> Person | None:
    """The person for whom the container was prepared in exactly this way, None where it was not."""
    try:
        entry = kept(system, checkout, _FILE)[container_id]
        return Person(**entry["person"]) if entry["asked"] == asked else None
    except (KeyError, TypeError):
        return None


def remember(system: System, checkout: str, container_id: str, asked: str, person: Person) -> None:
    """Keep it; a home that takes nothing costs an exec each time."""
    others = [(key, entry) for key, entry in kept(system, checkout, _FILE).items() if key != container_id]
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
    keep(system, checkout, _FILE, {**dict(others[1 - _KEPT_CONTAINERS :]), container_id: entry})
