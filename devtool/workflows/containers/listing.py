"""What runs for a checkout, and where its output is."""

from __future__ import annotations

from devtool.adapters.engine.api import connect
from devtool.errors import DevtoolError, InputError
from devtool.model.container import Blueprint, Container
from devtool.model.listing import Listing, Row
from devtool.system import System
from devtool.workflows.containers.ageing import changes
from devtool.workflows.containers.raising import family, main


def listing(system: System, blueprint: Blueprint) -> Listing:
    """The checkout's containers, the one that people build in first. Raises DevtoolError."""
    found = family(system, connect(system), blueprint)
    standing = main(found, blueprint)
    rows = [
        Row(
            _service(each, blueprint),
            each,
            each is standing,
            changes(each, blueprint) if each is standing else (),
        )
        for each in found
    ]
    rows.sort(key=lambda row: (not row.main, row.service, row.container.name))
    return Listing(blueprint.checkout, blueprint.project, tuple(rows))


def find(system: System, blueprint: Blueprint, service: str | None) -> Container:
    """The container of that service, of the main one without. Raises DevtoolError, InputError."""
    rows = listing(system, blueprint).rows
    wanted = service or blueprint.service.name
    chosen = next((row.container for row in rows if row.main or row.service == wanted), None)
    if service is not None:
        chosen = next((row.container for row in rows if service in (row.service, row.container.name)), None)
    if chosen is not None:
        return chosen
    known = (blueprint.service.name, *(each.name for each in blueprint.companions))
    if service is not None and service not in known:
        raise InputError(f"there is no service `{service}`", f"there are: {', '.join(known)}")
    started = f" --with {service}" if service and service != blueprint.service.name else ""
    raise DevtoolError(f"`{wanted}` was not started", f"`devtool container up{started}`")


def _service(container: Container, blueprint: Blueprint) -> str:
    return container.service or blueprint.service.name
