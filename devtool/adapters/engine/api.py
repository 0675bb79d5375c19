"""The engine's API, where an answer must come at once.

The SDK takes a quarter of a second to import, as long as starting two
programs in a container takes. What happens many times a day asks by hand;
what makes containers and waits for them goes through the SDK (`client`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from devtool.adapters.engine.endpoint import Endpoint, find_endpoint
from devtool.errors import DevtoolError
from devtool.model.carrying import Call
from devtool.system import System

if TYPE_CHECKING:
    from devtool.model.container import Container

_ANSWER_SECONDS = 30.0


class AbsentError(DevtoolError):
    """The engine does not hold what was asked for."""


class ConflictError(DevtoolError):
    """The engine holds it in a state that forbids this: a container that does not run, a taken name."""


_KINDS = {404: AbsentError, 409: ConflictError}


class Api:
    """One engine."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        self._network = system.network
        self.endpoint = endpoint
        self.url = endpoint.address

    def get(self, target: str) -> Any:
        """What the engine answers. Raises AbsentError, ConflictError, DevtoolError."""
        return self._asked("GET", Call(target))

    def post(self, target: str, body: Mapping[str, Any]) -> Any:
        """What the engine answers, None where that is nothing. Raises AbsentError, DevtoolError."""
        return self._asked("POST", Call(target, json.dumps(body).encode()))

    def delete(self, target: str) -> None:
        """Have the engine remove something. Raises AbsentError, DevtoolError."""
        self._asked("DELETE", Call(target))

    def containers(self, labels: Mapping[str, str]) -> tuple[Container, ...]:
        """The containers with these labels, running or not, the newest first. Raises DevtoolError."""
        from urllib.parse import quote  # these two imports cost 5 ms, and starting a program needs neither

        from devtool.model.container import Container

        wanted = json.dumps({"label": [f"{name}={value}" for name, value in labels.items()]})
        found = self.get(f"/containers/json?all=1&filters={quote(wanted)}")
        return tuple(Container(**_facts(entry)) for entry in found)

    def inspect(self, container_id: str) -> Any:
        """All that the engine knows of a container. Raises AbsentError, DevtoolError."""
        return self.get(f"/containers/{container_id}/json")

    def exchange(self, call: Call) -> bytes:
        """The bytes that a POST is answered with, to their end. Raises AbsentError, DevtoolError."""
        return self._answer("POST", call)

    def _asked(self, method: str, call: Call) -> Any:
        body = self._answer(method, call)
        try:
            return json.loads(body) if body.strip() else None
        except ValueError:
            raise DevtoolError(
                f"cannot read what the Docker engine at `{self.endpoint.url}` answers"
            ) from None

    def _answer(self, method: str, call: Call) -> bytes:
        reply = self._network.call_engine(self.url, method, call, _ANSWER_SECONDS)
        if isinstance(reply, OSError):
            raise silent(self.endpoint, reply)
        if reply.status >= 400:
            message = said(reply.body.decode("utf-8", "replace"))
            raise _KINDS.get(reply.status, DevtoolError)(
                f"the Docker engine says: {message or f'status {reply.status}'}"
            )
        return reply.body


def connect(system: System) -> Api:
    """The engine that `docker` would use. Raises DevtoolError."""
    endpoint = find_endpoint(system)
    if endpoint.url.startswith("ssh://"):
        from devtool.adapters.engine.tunnel import through

        endpoint = through(system, endpoint)
    if not endpoint.address.startswith(("unix://", "tcp://", "tls://", "dial://")):
        raise DevtoolError(f"cannot speak to a Docker engine at `{endpoint.url}` ({endpoint.said_by})")
    return Api(system, endpoint)


def silent(endpoint: Endpoint, error: OSError) -> DevtoolError:
    """Why no engine answers, in a line, with what to do."""
    where = f"`{endpoint.url}` ({endpoint.said_by})"
    if isinstance(error, PermissionError):
        return DevtoolError(
            f"you may not use the Docker engine at {where}", "`devtool doctor --only docker-permission`"
        )
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
        return DevtoolError(f"no Docker engine runs at {where}", "`devtool doctor --only docker-daemon`")
    why = (error.strerror or str(error)).lower()
    return DevtoolError(
        f"the Docker engine at {where} does not answer: {why}", "`devtool doctor --only docker-daemon`"
    )


def said(text: str) -> str:
    """The message in an engine's refusal, on one line."""
    try:
        message = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        message = text
    return " ".join(str(message).split())


def _facts(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = entry.get("Names") or [""]
    return {
        "id": str(entry["Id"]),
        "name": str(names[0]).removeprefix("/"),
        "image": str(entry.get("Image", "")),
        "state": str(entry.get("State", "")),
        "status": str(entry.get("Status", "")),
        "labels": dict(entry.get("Labels") or {}),
        "created": int(entry.get("Created") or 0),
    }
