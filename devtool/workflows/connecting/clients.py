"""The pymilvus that this machine's Python would use, held against the server's version."""

from __future__ import annotations

import re
from dataclasses import replace

from devtool.adapters.milvus.client import client_for
from devtool.model.connection import Connection, Fault, Layer
from devtool.system import System

_PROGRAM = "import importlib.metadata as m; print(m.version('pymilvus'))"
_PROBE_SECONDS = 3.0
_LITE_TAKES = (2, 5)
"""The oldest series of clients whose `create_collection` the server of Milvus Lite 3 understands."""


def see_client(system: System, connection: Connection) -> Connection:
    """A layer for the client; none where no pymilvus is installed."""
    python = system.process.which("python3") or system.process.which("python")
    server = connection.server
    if python is None or server is None:
        return connection
    answer = system.process.run([python, "-c", _PROGRAM], timeout_seconds=_PROBE_SECONDS, cwd="/")
    found = answer.stdout.strip() if answer.ok else ""
    if not re.fullmatch(r"\d+\.\d+[\w.+]*", found):
        return connection
    connection = replace(connection, client=found)
    fitting = client_for(server).version
    advice = f"`{python} -m pip install pymilvus=={fitting}` fits"
    ours, theirs = series(found), series(server)
    if ours is None or theirs is None:
        return connection
    if server.startswith("milvus_lite"):
        if theirs >= (3, 0) and ours < _LITE_TAKES:
            fault = Fault(
                "client-incompatible",
                f"pymilvus {found} does not fit Milvus Lite {theirs[0]}: it cannot create collections there",
                advice.replace("` fits", "`, which fits"),
                "pymilvus-sdk-server-mismatch",
            )
            return connection.with_layer(Layer("client", "failed", f"pymilvus {found}"), fault)
        return connection.with_layer(Layer("client", "ok", f"pymilvus {found}"))
    if ours[0] < 2 <= theirs[0]:
        fault = Fault(
            "client-incompatible",
            f"pymilvus {found} is of Milvus 1 and cannot speak with Milvus {server}",
            advice.replace("` fits", "`, which fits"),
            "pymilvus-sdk-server-mismatch",
        )
        return connection.with_layer(Layer("client", "failed", f"pymilvus {found}"), fault)
    if ours > theirs:
        said = (
            f"pymilvus {found} is newer than the server: what is new in it fails there, or vanishes; {advice}"
        )
        return connection.with_layer(Layer("client", "warning", said))
    return connection.with_layer(Layer("client", "ok", f"pymilvus {found}, no newer than the server"))


def series(version: str) -> tuple[int, int] | None:
    """Major and minor of a version as servers and packages give it."""
    found = re.search(r"(\d+)(?:\.(\d+))?", version)
    return (int(found[1]), int(found[2] or 0)) if found else None
