"""One attempt to reach a Milvus, from its address to an answered call, and what lies beside the way."""

from __future__ import annotations

from dataclasses import replace

from devtool.errors import UnreadableError
from devtool.model.connection import Address, Connection, Fault, Layer
from devtool.system import System
from devtool.workflows.connecting.approaching import approach
from devtool.workflows.connecting.calling import call_milvus
from devtool.workflows.connecting.clients import see_client
from devtool.workflows.connecting.routes import see_proxy

_SQLITE = b"SQLite format 3\0"


def reach(system: System, address: Address) -> Connection:
    """Layer by layer to Milvus, at most a few seconds; the first that fails gives the fault."""
    connection = Connection(address.uri, address.origin, profile=address.profile)
    if address.path is not None:
        return _file(system, address, connection)
    who = f", user `{address.user}`" if address.user else ", with a key" if address.token else ""
    connection = connection.with_layer(Layer("address", "ok", f"{address.uri}{who}"))
    connection, line, reply = approach(system, address, connection)
    if line is None or reply is None:
        return connection
    connection = call_milvus(system, address, connection, line, reply)
    if connection.fault:
        return connection
    return see_client(system, see_proxy(system, address, connection))


def _file(system: System, address: Address, connection: Connection) -> Connection:
    path = address.path or ""
    kind = system.files.kind(path)
    if kind is None:
        folder = path.rpartition("/")[0] or "/"
        if system.files.kind(folder) != "folder":
            fault = Fault(
                "file-missing",
                f"there is no folder `{folder}` for the file",
                f"make it: `mkdir -p '{folder}'`",
            )
            return connection.with_layer(Layer("address", "failed", "no such folder"), fault)
        said = f"a Milvus Lite that does not exist yet: the first client makes it in `{folder}`"
        return connection.with_layer(Layer("address", "warning", said))
    if not system.files.writable(path):
        fault = Fault(
            "file-not-writable", f"`{path}` may not be written by this user", "give it to this user"
        )
        return connection.with_layer(Layer("address", "failed", "not writable"), fault)
    if kind == "folder":
        if "LOCK" in system.files.names(path):
            said = "a folder of Milvus Lite 3, which wants pymilvus 2.6 or newer"
            return see_client(
                system, replace(connection, server="milvus_lite-3").with_layer(Layer("address", "ok", said))
            )
        fault = Fault("file-foreign", f"`{path}` is a folder and no data of Milvus Lite", "give another path")
        return connection.with_layer(Layer("address", "failed", "no data of Milvus Lite"), fault)
    try:
        head = next(iter(system.files.pieces(path)), b"")
    except UnreadableError:
        head = b""
    if head and not head.startswith(_SQLITE):
        fault = Fault("file-foreign", f"`{path}` is no data of Milvus Lite", "give another path")
        return connection.with_layer(Layer("address", "failed", "no data of Milvus Lite"), fault)
    return connection.with_layer(Layer("address", "ok", "a file of Milvus Lite 2"))
