"""A real Milvus for one test, by the code of `devtool deploy`: with what the test sets in its environment."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from devtool.adapters.deployments import choose_ports
from devtool.adapters.milvus import EDITIONS, Place
from devtool.system import System


@dataclass(frozen=True)
class Running:
    """One server."""

    pid: int
    ports: Mapping[str, int]

    @property
    def port(self) -> int:
        """What clients connect to."""
        return self.ports["proxy"]


@contextlib.contextmanager
def running(
    system: System, folder: Path, env: Mapping[str, str] | None = None, mode: str = "embedded"
) -> Iterator[Running]:
    """The server, ready; ended however the test ends."""
    edition = EDITIONS[mode]
    program = edition.install(system, lambda _: None)
    ports = choose_ports(system, edition.ports, frozenset(), None)
    place = Place(str(folder / "state"), str(folder / "data"), ports)
    for path in (place.state, place.data):
        Path(path).mkdir(parents=True)
    launch = edition.prepare(system, program, place)
    pid = system.process.spawn(
        launch.argv, log_path=place.log, cwd=place.state, env={**launch.env, **(env or {})}
    )
    try:
        _wait(system, ports)
        yield Running(pid, ports)
    finally:
        system.process.end_group(pid, 3.0)


def _wait(system: System, ports: Mapping[str, int]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if "metrics" not in ports:
            if system.network.contact("127.0.0.1", ports["proxy"], 1.0) == "open":
                return
        else:
            health = system.network.get(f"http://127.0.0.1:{ports['metrics']}/healthz", 2.0)
            if health is not None and health.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not become ready")
