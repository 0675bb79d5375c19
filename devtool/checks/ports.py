"""Whether the TCP ports that a Milvus server wants are free, and who holds them if not."""

from __future__ import annotations

from collections.abc import Sequence

from devtool.checks.check import Check, finding
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System
from devtool.system.network import Listener

MILVUS_PORTS = (19530, 9091, 2379, 9000)
"""Milvus's API, its metrics and health, etcd, MinIO."""


def examine_ports(system: System, host: Host, needs: Needs) -> Finding:
    """Name every wanted port that somebody listens on."""
    wanted = needs.ports or MILVUS_PORTS
    taken = system.network.listeners(wanted)
    if not taken:
        return finding("ports", "ok", _free(wanted))
    by_holder: dict[str, list[int]] = {}
    for listener in taken:
        by_holder.setdefault(_holder(listener), []).append(listener.port)
    pids = sorted({listener.pid for listener in taken if listener.pid is not None})
    look = f"ps -o pid,user,args -p {','.join(map(str, pids))}" if pids else _look(host, taken)
    return finding(
        "ports",
        "warning",
        "; ".join(f"{_named(ports)} in use by {holder}" for holder, ports in by_holder.items()),
        remedies=(
            Remedy(
                f"see who that is (`{look}`) and stop it; `devtool deploy up` moves to free ports by itself"
            ),
        ),
    )


def _free(ports: tuple[int, ...]) -> str:
    return f"{_named(ports)} {'are' if len(ports) > 1 else 'is'} free"


def _named(ports: Sequence[int]) -> str:
    return f"port{'s' if len(ports) > 1 else ''} {', '.join(map(str, ports))}"


def _holder(listener: Listener) -> str:
    if listener.pid is None:
        return "a process of somebody else"
    return f"`{listener.program or 'unknown'}` (pid {listener.pid})"


def _look(host: Host, taken: tuple[Listener, ...]) -> str:
    port = taken[0].port
    return (
        f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN"
        if host.os == "macos"
        else f"sudo ss -lntp 'sport = :{port}'"
    )


PORT_CHECKS = (Check("ports", "free ports", "deploy", examine_ports),)
