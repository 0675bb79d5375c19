"""Whether a Docker engine answers, lets this person in, and has memory enough for a build."""

from __future__ import annotations

import posixpath

from devtool.adapters.engine.endpoint import Endpoint, Engine, Silence, ask, find_endpoint
from devtool.checks.check import Check, finding
from devtool.checks.docker_credentials import examine_credentials
from devtool.checks.resources import FEWER_JOBS, enough_memory, gib
from devtool.errors import UnreadableError
from devtool.model.host import GIB, Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_DESKTOPS = (
    ".docker/run/docker.sock",
    ".colima/default/docker.sock",
    ".orbstack/run/docker.sock",
    ".rd/docker.sock",
)


def examine_daemon(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether the engine that `docker` would use answers."""
    check_id = "docker-daemon"
    met = _meet(system, check_id)
    if isinstance(met, Finding):
        return met
    endpoint, engine = met
    where = f"`{endpoint.url}` ({endpoint.said_by})"
    if isinstance(engine, Engine):
        return finding(check_id, "ok", f"Docker {engine.version} answers at {where}")
    if isinstance(engine.error, PermissionError):
        return finding(check_id, "skipped", f"no permission on {where}: see `docker-permission`")
    if isinstance(engine.error, (FileNotFoundError, NotADirectoryError)):
        problem = f"no Docker engine runs: there is nothing at {where}"
    elif isinstance(engine.error, ConnectionRefusedError):
        problem = f"no Docker engine runs: nobody listens at {where}"
    elif engine.error is None and engine.reason.startswith(("cannot be reached", "answers with status")):
        problem = f"the Docker engine at {where} {engine.reason}"
    else:
        return finding(check_id, "unknown", f"the Docker engine at {where} {engine.reason}", *engine.evidence)
    if needs.requirements and not any(need.needed for need in map(needs.tool, ("docker", "compose")) if need):
        return finding(check_id, "skipped", f"{problem}; this project names no need of one")
    return finding(check_id, "warning", problem, *engine.evidence, remedies=_start(system, host, endpoint))


def examine_permission(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether this person may speak to the engine, and which group would let them."""
    check_id = "docker-permission"
    met = _meet(system, check_id)
    if isinstance(met, Finding):
        return met
    endpoint, engine = met
    path = endpoint.socket
    if path is None:
        return finding(check_id, "skipped", f"`{endpoint.url}` is no socket of this machine")
    if isinstance(engine, Engine):
        return finding(check_id, "ok", f"you may use `{path}`")
    if not isinstance(engine.error, PermissionError):
        return finding(check_id, "skipped", f"no engine at `{path}` to ask: see `docker-daemon`")
    group = _group(system, host, path)
    said = f"you may not use `{path}`"
    if group is None:
        return finding(
            check_id, "warning", f"{said}, and its group cannot be told", remedies=(_rootless(system),)
        )
    if group in ("root", "wheel"):
        cure = Remedy(
            "run `sudo groupadd -f docker && sudo systemctl restart docker`, then `devtool doctor` again"
        )
        return finding(
            check_id, "warning", f"{said}: it belongs to the group `{group}` alone", remedies=(cure,)
        )
    user = system.process.run(["id", "-un"], cwd="/").stdout.strip()
    members = system.process.run(["id", "-nG", user], cwd="/").stdout.split() if user else []
    if group in members:
        again = Remedy(f"log out and in again, or run `newgrp {group}` in this terminal")
        return finding(
            check_id, "warning", f"{said} yet: you joined `{group}` after you logged in", remedies=(again,)
        )
    if not user:
        return finding(
            check_id, "warning", f"{said}: it asks for the group `{group}`", remedies=(_rootless(system),)
        )
    join = RunCommand(
        ("usermod", "-aG", group, user),
        f"the group `{group}` may use the engine, which is as much as being root",
        needs_root=True,
        undo_argv=("gpasswd", "-d", user, group),
    )
    return finding(
        check_id,
        "warning",
        f"{said}: `{user}` is not in the group `{group}`",
        remedies=(Remedy(f"run `{join.preview}`, then log out and in again", (join,)),),
    )


def examine_engine_memory(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the memory that containers can have against what the project asks for."""
    check_id = "docker-memory"
    met = _meet(system, check_id)
    if isinstance(met, Finding):
        return met if met.severity == "skipped" else finding(check_id, "skipped", met.summary)
    _, engine = met
    needed = needs.memory_bytes
    if isinstance(engine, Silence) or needed is None:
        return finding(check_id, "skipped", "no Docker engine to ask: see `docker-daemon`")
    if engine.memory_bytes is None:
        return finding(check_id, "unknown", f"Docker {engine.version} does not say how much memory it has")
    found = f"Docker's containers can use {gib(engine.memory_bytes)} of memory"
    if enough_memory(engine.memory_bytes, needed):
        return finding(check_id, "ok", f"{found}, {gib(needed)} needed")
    raised = "Settings, Resources, Memory" if "Desktop" in engine.system else "the virtual machine's settings"
    cure = (
        f"use a larger machine, or build with fewer jobs: {FEWER_JOBS}"
        if host.os == "linux" and not host.wsl and "Desktop" not in engine.system
        else f"raise it to {gib(needed)} in {raised} (colima: `colima start --memory {needed // GIB}`)"
    )
    return finding(
        check_id,
        "warning",
        f"{found}, and {needs.project} asks for {gib(needed)}: compilers in a container may be killed",
        remedies=(Remedy(cure),),
    )


def _meet(system: System, check_id: str) -> tuple[Endpoint, Engine | Silence] | Finding:
    """The engine that `docker` would use, or the finding that says why it is not asked."""
    if system.process.which("docker") is None:
        return finding(check_id, "skipped", "`docker` is not on PATH")
    try:
        endpoint = find_endpoint(system)
    except UnreadableError as error:
        return finding(check_id, "unknown", f"cannot tell which engine `docker` uses: {error.message}")
    return endpoint, ask(system, endpoint)


def _start(system: System, host: Host, endpoint: Endpoint) -> tuple[Remedy, ...]:
    others = [path for path in _other_sockets(system, host) if path != endpoint.socket]
    if others:
        return (Remedy(f"another engine's socket is there: `export DOCKER_HOST=unix://{others[0]}`"),)
    if endpoint.said_by == "`DOCKER_HOST`":
        return (Remedy("run `unset DOCKER_HOST`, or start the engine it names"),)
    if host.os == "macos" or "desktop" in endpoint.url or "colima" in endpoint.url:
        return (Remedy("start it: `open -a Docker`, `colima start` or `orb start`, whichever you use"),)
    if host.wsl:
        return (Remedy("start Docker Desktop and switch on its WSL integration for this distribution"),)
    if host.container is not None or system.process.which("systemctl") is None:
        return (Remedy("start the engine: `sudo service docker start`"),)
    start = RunCommand(
        ("systemctl", "start", "docker"),
        "containers need a running engine",
        needs_root=not host.is_root,
        undo_argv=("systemctl", "stop", "docker"),
    )
    return (Remedy(f"start the engine: `{start.preview}`", (start,)),)


def _other_sockets(system: System, host: Host) -> list[str]:
    """Sockets of engines that are not at the default place."""
    runtime = system.env.get("XDG_RUNTIME_DIR")
    known = [posixpath.join(runtime, "docker.sock")] if runtime else []
    known += [posixpath.join(host.home, name) for name in _DESKTOPS] if host.home else []
    return [path for path in known if system.files.kind(path) == "other"]


def _group(system: System, host: Host, path: str) -> str | None:
    """The name of the group that owns the socket."""
    argv = ["stat", "-L", "-f", "%Sg", path] if host.os == "macos" else ["stat", "-L", "-c", "%G", path]
    answer = system.process.run(argv, cwd="/")
    return (answer.stdout.strip() or None) if answer.ok else None


def _rootless(system: System) -> Remedy:
    return Remedy(
        "use an engine of your own: `dockerd-rootless-setuptool.sh install`, then its `DOCKER_HOST`"
    )


def _sizes_engine(host: Host, needs: Needs) -> bool:
    return needs.memory_bytes is not None


DOCKER_CHECKS = (
    Check("docker-daemon", "Docker's engine answers", "container", examine_daemon),
    Check("docker-permission", "permission to use Docker", "container", examine_permission),
    Check("docker-memory", "memory for containers", "container", examine_engine_memory, _sizes_engine),
    Check("docker-credentials", "Docker's credential helpers", "container", examine_credentials),
)
