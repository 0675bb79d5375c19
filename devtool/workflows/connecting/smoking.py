"""What a connection is for: a scratch collection written, read and removed by a client that fits."""

from __future__ import annotations

import json
import posixpath

import devtool
from devtool.adapters.environments import ensure_shared, find_interpreter
from devtool.adapters.milvus.client import Client, client_for
from devtool.errors import DevtoolError
from devtool.model.codec import parse_json
from devtool.model.command import Answer
from devtool.model.connection import Address, Connection, Fault, Layer
from devtool.system import System

_RUN_SECONDS = 90.0
_SWEEP_SECONDS = 20.0
# gRPC sends even loopback through a proxy; we have reached the port without one.
_NO_PROXY = dict.fromkeys(("http_proxy", "https_proxy", "grpc_proxy", "all_proxy"))


def smoke(system: System, address: Address, connection: Connection) -> Connection:
    """The connection with a layer for the proof. Raises DevtoolError for a file of Milvus Lite."""
    if address.path is not None:
        raise DevtoolError(
            "`--smoke` needs a server, and a file of Milvus Lite has none",
            "`devtool deploy up --mode lite` serves one on a port",
        )
    client = client_for(connection.server)
    if client.otherwise and not any(find_interpreter(system, each) for each in client.pythons):
        client = client.otherwise
    python = _python(system, client)
    environment = _environment(system, address)
    program = f"{posixpath.dirname(devtool.__file__)}/smoke/scratch.py"
    argv, ended = [python, "-W", "ignore", program], False
    begun = system.clock.monotonic()
    try:
        answer = system.process.run(argv, timeout_seconds=_RUN_SECONDS, cwd="/", env=environment)
        ended = answer.outcome == "ended"
    finally:
        if not ended:  # it could not remove its collection itself
            system.process.run([*argv, "sweep"], timeout_seconds=_SWEEP_SECONDS, cwd="/", env=environment)
    return _judged(connection, client, answer, system.clock.monotonic() - begun)


def _python(system: System, client: Client) -> str:
    note = system.console.note
    return ensure_shared(
        system,
        f"client-{client.version}",
        client.pythons,
        client.packages,
        lambda line: note(f"  {line}"),
    )


def _environment(system: System, address: Address) -> dict[str, str | None]:
    return {
        **_NO_PROXY,
        "SCRATCH_URI": address.uri,
        "SCRATCH_TOKEN": address.token,
        "SCRATCH_DB_NAME": address.database,
        "SCRATCH_SERVER_PEM_PATH": address.authority,
        "SCRATCH_CLIENT_PEM_PATH": address.certificate,
        "SCRATCH_CLIENT_KEY_PATH": address.key,
        "SCRATCH_SERVER_NAME": address.server_name or (address.host if address.secure else None),
        "SCRATCH_NAME": f"devtool_scratch_{int(system.clock.now() * 1000):x}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _judged(connection: Connection, client: Client, answer: Answer, seconds: float) -> Connection:
    steps = [step for line in answer.stdout.splitlines() if isinstance(step := _step(line), dict)]
    done = [str(step["step"]) for step in steps if "step" in step]
    if answer.ok:
        said = f"wrote, found and removed 3 rows with pymilvus {client.version}"
        return connection.with_layer(Layer("smoke", "ok", said, seconds))
    error = next((str(step["error"]) for step in steps if "error" in step), answer.describe())
    after = f" after `{done[-1]}`" if done else ""
    fault = Fault(
        "smoke-failed",
        f"a scratch collection could not be written and read: {error}",
        "`devtool test smoke` shows what works and what does not",
    )
    return connection.with_layer(Layer("smoke", "failed", f"it ended{after}: {error}", seconds), fault)


def _step(line: str) -> object:
    try:
        return parse_json(line)
    except (ValueError, json.JSONDecodeError):
        return None
