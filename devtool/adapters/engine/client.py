"""The engine through Docker's SDK: for what takes long anyway, as its import alone takes 250 ms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devtool.adapters.engine.endpoint import Endpoint
from devtool.errors import DevtoolError
from devtool.system import System

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.tls import TLSConfig

_POLL_SECONDS = 0.2
_ENDED = ("exited", "dead", "removing")


@contextmanager
def client(endpoint: Endpoint) -> Iterator[DockerClient]:
    """A client of that very engine. Raises DevtoolError for whatever the engine or the way to it refuses."""
    from docker import DockerClient
    from docker.errors import DockerException

    try:
        opened = DockerClient(base_url=endpoint.url, tls=_tls(endpoint), use_ssh_client=True)
    except DockerException as error:
        raise DevtoolError(f"no Docker engine answers at `{endpoint.url}`: {error}") from None
    try:
        yield opened
    except DockerException as error:
        raise DevtoolError(
            f"the Docker engine says: {getattr(error, 'explanation', None) or error}"
        ) from None
    finally:
        opened.close()


def _tls(endpoint: Endpoint) -> TLSConfig | bool:
    """What the SDK takes of it. Raises DockerException for certificates that it cannot read."""
    if endpoint.tls is None:
        return False
    from docker.tls import TLSConfig

    folder = endpoint.tls.folder
    return TLSConfig(
        (f"{folder}/cert.pem", f"{folder}/key.pem"), f"{folder}/ca.pem", verify=endpoint.tls.verify
    )


def unhealthy(
    system: System, endpoint: Endpoint, container_ids: Sequence[str], patience_seconds: float
) -> tuple[str, ...]:
    """Names of those that are not up and, where they have a health check, healthy, after waiting for them."""
    deadline = system.clock.monotonic() + patience_seconds
    with client(endpoint) as engine:
        waiting = [engine.containers.get(each) for each in container_ids]
        while True:
            waiting = [each for each in waiting if not _well(each.attrs["State"])]
            over = all(each.attrs["State"].get("Status") in _ENDED for each in waiting)
            if over or system.clock.monotonic() > deadline:
                return tuple(str(each.name) for each in waiting)
            system.clock.sleep(_POLL_SECONDS)
            for each in waiting:
                each.reload()


def _well(state: dict[str, object]) -> bool:
    health = state.get("Health")
    status = health.get("Status") if isinstance(health, dict) else "none"
    return state.get("Status") == "running" and status in ("healthy", "none", "")


def last_lines(endpoint: Endpoint, container_id: str, count: int) -> tuple[str, ...]:
    """The end of what a container printed."""
    with client(endpoint) as engine:
        printed = engine.containers.get(container_id).logs(tail=count)
    return tuple(printed.decode("utf-8", "replace").splitlines())
