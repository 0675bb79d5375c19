"""Milvus servers on this machine: started until they answer, watched, and ended without a trace."""

from __future__ import annotations

import json
import posixpath
import re
from contextlib import AbstractContextManager
from dataclasses import replace

from devtool.adapters import deployments
from devtool.adapters.deployments import Record
from devtool.adapters.milvus import EDITIONS, Edition, Place, edition_for, warnings
from devtool.errors import DevtoolError, InputError, UnreadableError
from devtool.model.codec import parse_json
from devtool.model.deployment import Deployment, State
from devtool.model.host import Host
from devtool.system import System

DEFAULT_NAME = "default"
_MARKER = "devtool-milvus.json"
"""In a data folder: which server wrote it."""
_LOCK_SECONDS = 300.0
_POLL_SECONDS = 0.1
_NEWS_SECONDS = 15.0
# Ended at once it has no time to give up its sessions; asked to end, it can hang half-dead for minutes.
_GRACE_SECONDS = 3.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_ALARM = re.compile(
    r"panic:|\"panic\"|\[FATAL\]|\[PANIC\]|fatal error|error while loading|SIGILL|\wError:|Corruption"
)
_DAMAGE = re.compile(
    r"(?i)corrupt|crc mismatch|invalid database|checksum (?:error|mismatch)|wal: |snap: |failed to recover"
    r"|unexpected EOF|file size too small|no such file or directory.*MANIFEST|db file"
)


def up(
    system: System,
    host: Host,
    name: str = DEFAULT_NAME,
    port: int | None = None,
    data: str | None = None,
    mode: str | None = None,
) -> Deployment:
    """Start the server of that name and wait until it answers; one that already does is left alone.

    Raises DevtoolError, with the server's own last lines, when it does not come up.
    """
    _check_name(name)
    with _held(system, name):
        record = deployments.read(system, name)
        if record is not None and record.alive(system):
            _refuse_changes(record, port, data and posixpath.join(system.cwd, data), mode)
            if standing := _standing(system, record):
                return standing
        edition = EDITIONS[mode] if mode else EDITIONS[record.mode] if record else edition_for(host)
        if record is not None and record.pid is not None:
            system.console.note(f"`{name}` was not stopped by `devtool deploy down`: recovering its data")
            system.console.note("  collections that were loaded may take a minute to answer again")
        for line in warnings(system, host):
            system.console.note(line)
        program = edition.install(system, lambda line: system.console.note(f"  {line}"))
        record = _reserve(system, edition, name, record, port, data)
        return _start(system, edition, program, record)


def down(system: System, name: str = DEFAULT_NAME) -> Deployment | None:
    """End the server of that name and see that it is gone; None when there never was one."""
    _check_name(name)
    with _held(system, name):
        record = deployments.read(system, name)
        if record is None:
            return None
        if record.alive(system) and record.pid is not None:
            _end(system, record)
        record = record.stopped()
        deployments.write(system, record)
        return _deployment(system, record, "stopped")


def status(system: System, name: str | None = None) -> tuple[Deployment, ...]:
    """Every deployment as it is now, or the one of that name."""
    if name is not None:
        _check_name(name)
    found: list[Deployment] = []
    for each in [name] if name else deployments.names(system):
        record = deployments.read(system, each)
        if record is not None:
            found.append(_deployment(system, record, _state(system, record)))
    return tuple(found)


def logs(system: System, name: str = DEFAULT_NAME, lines: int = 50) -> str:
    """The last lines of the server's log. Raises InputError when there is none."""
    _check_name(name)
    path = f"{deployments.folder(system, name)}/server.log"
    if system.files.kind(path) is None:
        raise InputError(f"there is no log of `{name}`", "`devtool deploy status` lists what was started")
    return _tail(system, path, lines)


def _standing(system: System, record: Record) -> Deployment | None:
    """The running server once it answers; None after one that no longer does was ended."""
    edition = EDITIONS[record.mode]
    if edition.missing(system, record.ports) is None:
        system.console.note(f"`{record.name}` is already running: nothing to do")
        return _deployment(system, record, "running")
    age = system.clock.now() - (record.started or 0.0)
    if age < edition.start_seconds:
        system.console.note(f"`{record.name}` is already starting: waiting for it")
        _wait(system, edition, record)
        return _deployment(system, record, "running")
    system.console.note(f"`{record.name}` runs and does not answer: starting it again")
    _end(system, record)
    return None


def _reserve(
    system: System, edition: Edition, name: str, record: Record | None, port: int | None, data: str | None
) -> Record:
    """Settle data folder and ports, and write them down before anybody else can choose the same."""
    default = record.data if record else f"{system.directories.data}/milvus/{name}"
    path = posixpath.normpath(posixpath.join(system.cwd, data)) if data else default
    _claim(system, edition, path)
    wanted = {**edition.ports, **(record.ports if record and record.mode == edition.mode else {})}
    with system.files.lock(f"{deployments.folder(system, '')}.ports.lock", _LOCK_SECONDS):
        others = [deployments.read(system, other) for other in deployments.names(system) if other != name]
        for other in others:
            if other is not None and other.data == path and other.alive(system):
                raise DevtoolError(f"`{other.name}` already serves `{path}`", "give another `--data`")
        avoid = frozenset(number for other in others if other for number in other.ports.values())
        ports = deployments.choose_ports(system, wanted, avoid, port)
        reserved = Record(name, edition.mode, edition.version, path, ports)
        deployments.write(system, reserved)
    return reserved


def _claim(system: System, edition: Edition, path: str) -> None:
    """Make the folder ours. Raises InputError for one that holds something else."""
    if system.files.kind(path) not in (None, "folder"):
        raise InputError(f"`{path}` is not a folder", "give `--data` a folder that is empty or new")
    marker = f"{path}/{_MARKER}"
    text = system.files.read_text(marker)
    if text is None:
        if system.files.names(path):
            raise InputError(
                f"`{path}` holds something that is not Milvus data of devtool's",
                "give `--data` a folder that is empty or new",
            )
        system.files.make_folder(path)
        content = {"mode": edition.mode, "version": edition.version}
        system.files.write(marker, json.dumps(content).encode())
        return
    try:
        wrote = parse_json(text)["mode"]
    except (ValueError, KeyError, TypeError):
        raise UnreadableError(
            f"`{marker}` is damaged", f"write `{edition.mode}` data elsewhere: `--data`"
        ) from None
    if wrote != edition.mode:
        raise InputError(
            f"`{path}` holds data of the {wrote} server, which the {edition.mode} server cannot read",
            "give another `--data`, or another `--name`",
        )


def _start(system: System, edition: Edition, program: str, record: Record) -> Deployment:
    place = Place(deployments.folder(system, record.name), record.data, record.ports)
    launch = edition.prepare(system, program, place)
    if system.files.kind(place.log) is not None:
        system.files.move(place.log, f"{place.log}.1")
    system.console.note(f"starting {edition.title} on port {record.ports['proxy']}")
    pid = system.process.spawn(launch.argv, log_path=place.log, cwd=place.state, env=launch.env)
    try:
        born, started = system.process.born(pid), system.clock.now()
        record = replace(record, pid=pid, born=born, started=started)
        deployments.write(system, record)
        _wait(system, edition, record)
    except BaseException:  # interrupted too: what was started must not stay behind
        system.process.end_group(pid, _GRACE_SECONDS)
        deployments.write(system, record.stopped())
        raise
    return replace(_deployment(system, record, "running"), started_here=True)


def _wait(system: System, edition: Edition, record: Record) -> None:
    """Return when the server answers. Raises DevtoolError when it ends or takes too long."""
    began = said = system.clock.monotonic()
    while (lacking := edition.missing(system, record.ports)) is not None:
        now = system.clock.monotonic()
        if not record.alive(system):
            raise _not_started(system, edition, record, "ended while it was starting")
        if now - began > edition.start_seconds:
            reason = f"did not answer within {edition.start_seconds:.0f} s: {lacking}"
            raise _not_started(system, edition, record, reason)
        if now - said > _NEWS_SECONDS:
            system.console.note(f"  still waiting after {now - began:.0f} s: {lacking}")
            said = now
        system.clock.sleep(_POLL_SECONDS)


def _not_started(system: System, edition: Edition, record: Record, reason: str) -> DevtoolError:
    path = f"{deployments.folder(system, record.name)}/server.log"
    printed = [line for line in _tail(system, path, 400).splitlines() if line.strip()]
    alarming = [line for line in printed if _ALARM.search(line)]
    last = [line[:300] for line in (alarming[:3] or printed[-4:])]
    advice = [f"its whole log: `{path}`"]
    if any(_DAMAGE.search(line) for line in printed):
        advice.insert(
            0,
            f"the data in `{record.data}` may be damaged: nothing was deleted; start afresh with another "
            "`--data`, or move that folder away",
        )
    return DevtoolError(f"{edition.title} {reason}", "\n  ".join([*last, *advice]))


def _end(system: System, record: Record) -> None:
    assert record.pid is not None
    if not system.process.end_group(record.pid, _GRACE_SECONDS):
        raise DevtoolError(
            f"`{record.name}` (process {record.pid}) cannot be ended",
            f"end it by hand: `kill -9 {record.pid}`",
        )


def _state(system: System, record: Record) -> State:
    if record.pid is None:
        return "stopped"
    if not record.alive(system):
        return "killed"
    edition = EDITIONS[record.mode]
    if edition.missing(system, record.ports) is None:
        return "running"
    young = system.clock.now() - (record.started or 0.0) < edition.start_seconds
    return "starting" if young else "unhealthy"


def _deployment(system: System, record: Record, state: State) -> Deployment:
    return Deployment(
        name=record.name,
        mode=record.mode,
        state=state,
        uri=f"http://127.0.0.1:{record.ports['proxy']}",
        metrics=EDITIONS[record.mode].metrics(record.ports),
        data=record.data,
        logs=f"{deployments.folder(system, record.name)}/server.log",
        pid=record.pid,
        version=record.version,
    )


def _refuse_changes(record: Record, port: int | None, data: str | None, mode: str | None) -> None:
    for option, asked, has in (
        ("--port", port, record.ports["proxy"]),
        ("--data", data, record.data),
        ("--mode", mode, record.mode),
    ):
        if asked is not None and asked != has:
            raise InputError(
                f"`{record.name}` is running with `{option} {has}`, not `{asked}`",
                f"`devtool deploy down --name {record.name}` first, or give another `--name`",
            )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(f"`{name}` is no name for a deployment", "use letters, digits, `-` and `_`")


def _held(system: System, name: str) -> AbstractContextManager[None]:
    return system.files.lock(f"{deployments.folder(system, name)}.lock", _LOCK_SECONDS)


def _tail(system: System, path: str, lines: int) -> str:
    # `tail` reads from the end; the log may be gigabytes.
    return system.process.run(["tail", "-n", str(lines), path], cwd="/").stdout.rstrip("\n")
