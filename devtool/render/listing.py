"""Containers as text and as JSON, from the same values."""

from __future__ import annotations

from devtool.model.listing import Listing, Row
from devtool.render.document import document
from devtool.render.paint import paint, plain

_ROLES = {"running": "ok", "restarting": "failure", "dead": "failure"}


def render_text(listing: Listing, *, colour: bool = False) -> str:
    """A line for each container, and below it how it is older than the checkout."""
    if not listing.rows:
        return f"no container runs for `{listing.checkout}`; `devtool container up` starts it"
    widths = [max(len(getter(row)) for row in listing.rows) for getter in (_service, _state, _status, _name)]
    return "\n".join(line for row in listing.rows for line in _lines(row, widths, colour))


def render_json(listing: Listing) -> str:
    """The same under schema 1."""
    rows = [row.as_data() for row in listing.rows]
    return document({"checkout": listing.checkout, "project": listing.project, "containers": rows})


def _lines(row: Row, widths: list[int], colour: bool) -> list[str]:
    state = paint(_state(row), _ROLES.get(row.container.state, "skipped"), colour)
    state += " " * (widths[1] - len(_state(row)))
    service, status = _service(row).ljust(widths[0]), _status(row).ljust(widths[2])
    head = f"{service}  {state}  {status}  {_name(row).ljust(widths[3])}  {plain(row.container.image)}"
    return [head, *(f"  older than the checkout: {plain(line)}" for line in row.older)]


def _service(row: Row) -> str:
    return plain(row.service)


def _state(row: Row) -> str:
    return plain(row.container.state)


def _status(row: Row) -> str:
    return plain(row.container.status)


def _name(row: Row) -> str:
    return plain(row.container.name)
