"""What is remembered of each deployment between two calls: one small file a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from devtool.errors import DevtoolError, UnreadableError
from devtool.model.codec import parse_json
from devtool.system import System

_SCHEMA = 1
_TICK_SECONDS = 0.05
"""Above the kernel's own grain, and below any chance that the same number is given again."""


@dataclass(frozen=True)
class Record:
    """One deployment as it was last left."""

    name: str
    mode: str
    version: str
    data: str
    ports: Mapping[str, int]
    pid: int | None = None
    """None before the first start and after `deploy down`."""
    born: float | None = None
    """When that process was started, after the machine: a number alone may belong to another by now."""
    started: float | None = None
    """The same by the clock, in seconds since the epoch."""

    def alive(self, system: System) -> bool:
        """Whether the very process that was started still runs."""
        if self.pid is None or self.born is None:
            return False
        born = system.process.born(self.pid)
        return born is not None and abs(born - self.born) <= _TICK_SECONDS

    def stopped(self) -> Record:
        """The same, with nothing that should run."""
        return replace(self, pid=None, born=None, started=None)


def folder(system: System, name: str) -> str:
    """Where a deployment's configuration, log and record lie."""
    return f"{system.directories.state}/deploy/{name}"


def read(system: System, name: str) -> Record | None:
    """The record of that name, or None. Raises UnreadableError for one that is no record."""
    path = _path(system, name)
    text = system.files.read_text(path)
    if text is None:
        return None
    try:
        data = parse_json(text)
        del data["schema"]
        return Record(**{**data, "ports": {str(key): int(port) for key, port in data["ports"].items()}})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnreadableError(
            f"`{path}` is damaged",
            f"see what runs with `pgrep -fl milvus`, end it, then remove the file: `rm '{path}'`",
        ) from None


def write(system: System, record: Record) -> None:
    """Keep the record."""
    content = json.dumps({"schema": _SCHEMA, **asdict(record)}, indent=2) + "\n"
    system.files.write(_path(system, record.name), content.encode())


def names(system: System) -> list[str]:
    """Every deployment there is a record of."""
    base = f"{system.directories.state}/deploy"
    return [name for name in system.files.names(base) if system.files.kind(_path(system, name)) == "file"]


def choose_ports(
    system: System, wanted: Mapping[str, int], avoid: frozenset[int], fixed: int | None
) -> dict[str, int]:
    """A free port for each purpose, as near as may be to the one it wants; `fixed` is taken as it is."""
    chosen: dict[str, int] = {}
    for purpose, preferred in wanted.items():
        if purpose == "proxy" and fixed is not None:
            _require_free(system, fixed)
            chosen[purpose] = fixed
            continue
        chosen[purpose] = _free_port(system, preferred, avoid | set(chosen.values()) | {fixed or 0})
    return chosen


def _free_port(system: System, preferred: int, avoid: frozenset[int]) -> int:
    for step in range(0, 500, 10):
        port = preferred + step
        if port < 65536 and port not in avoid and system.network.free_port(port) == port:
            return port
    port = system.network.free_port(0)
    return port if port not in avoid else system.network.free_port(0)


def _require_free(system: System, port: int) -> None:
    for listener in system.network.listeners((port,)):
        program = f" by `{listener.program}` (process {listener.pid})" if listener.program else ""
        raise DevtoolError(
            f"port {port} is taken{program}", "give another `--port`, or none to have one chosen"
        )


def _path(system: System, name: str) -> str:
    return f"{folder(system, name)}/deployment.json"
