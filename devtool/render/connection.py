"""A connection as text and as JSON, from the same value."""

from __future__ import annotations

import json
from typing import Any

from devtool.model.connection import Connection, Layer
from devtool.render.document import SCHEMA, document
from devtool.render.layout import labelled, measure
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_WORDS = {"ok": "ok", "warning": "warn", "failed": "FAIL", "skipped": "-"}
_ROLES = {"ok": "ok", "warning": "warning", "failed": "failure", "skipped": "skipped"}
_LEAD = 32
"""Columns before what a layer says: its word, its name and its time."""


def render_text(connection: Connection, *, width: int = 80, colour: bool = False) -> str:
    """One line a layer, then the cause and the cure, or how long a call takes."""
    width = measure(width)
    lines = [f"{plain(connection.uri)} ({plain(connection.origin)})"]
    for layer in connection.layers:
        lines += _layer(layer, width, colour)
    fault = connection.fault
    if fault is None:
        verdict = paint("reachable", "ok", colour)
        server = f": Milvus {plain(connection.server)}" if connection.server else ""
        call = connection.latency_seconds
        speed = f", a call takes {_duration(call)}" if call is not None else ""
        return "\n".join([*lines, "", f"{verdict}{server}{speed}"])
    lines += ["", f"{paint('not usable', 'failure', colour)} [{fault.id}]"]
    lines += labelled("why:", fault.cause, width)
    lines += labelled("cure:", fault.cure, width)
    if fault.failure:
        lines += labelled("more:", f"`devtool explain {fault.failure}`", width)
    return "\n".join(lines)


def render_json(connection: Connection) -> str:
    """The same under schema 1."""
    return document(_data(connection))


def render_json_line(connection: Connection) -> str:
    """The same in one line, for a stream of them."""
    return json.dumps({"schema": SCHEMA, **_data(connection)}, ensure_ascii=False)


def render_line(connection: Connection, *, colour: bool = False) -> str:
    """What matters of it in one line."""
    fault = connection.fault
    if fault is not None:
        return f"{paint('not usable', 'failure', colour)} [{fault.id}] {plain(fault.cause)}"
    speed = _duration(connection.latency_seconds or 0.0)
    return f"{paint('reachable', 'ok', colour)} Milvus {plain(connection.server or '?')}, {speed}"


def _data(connection: Connection) -> dict[str, Any]:
    fault, latency = connection.fault, connection.latency_seconds
    return {
        "usable": fault is None,
        "uri": connection.uri,
        "origin": connection.origin,
        "profile": connection.profile,
        "server": connection.server,
        "client": connection.client,
        "latency_seconds": None if latency is None else round(latency, 6),
        "layers": [
            {
                "name": layer.name,
                "outcome": layer.outcome,
                "said": layer.said,
                "seconds": None if layer.seconds is None else round(layer.seconds, 6),
            }
            for layer in connection.layers
        ],
        "fault": fault
        and {"id": fault.id, "cause": fault.cause, "cure": fault.cure, "failure": fault.failure},
    }


def _layer(layer: Layer, width: int, colour: bool) -> list[str]:
    took = _duration(layer.seconds) if layer.seconds is not None else ""
    first, *rest = wrapped(plain(layer.said), width - _LEAD) or [""]
    word = f"{_WORDS[layer.outcome]:<4}"
    head = f"{paint(word, _ROLES[layer.outcome], colour)}  {layer.name:<14}  {took:>8}  {first}"
    return [head.rstrip(), *(f"{' ' * _LEAD}{line}" for line in rest)]


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
