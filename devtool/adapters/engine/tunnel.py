"""A way to an engine behind ssh: a socket here that is the engine's own there.

One mechanism for all: our own calls, docker's client, both Composes. ssh
itself keeps the way, in the background, until nobody has used it for some
minutes; a dead line ends it too. It never asks anybody anything.
"""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from devtool.adapters.engine.endpoint import DEFAULT_SOCKET, STANDS_FOR, Endpoint, find_endpoint
from devtool.errors import DevtoolError, InputError
from devtool.model.carrying import Call
from devtool.model.command import Answer
from devtool.system import System

_IDLE_SECONDS = 300
_LOGIN_SECONDS, _PING_SECONDS, _LOCK_SECONDS = 45.0, 20.0, 120.0
_POLL_SECONDS, _GRACE_SECONDS = 0.02, 1.0
# Linux gives 108 bytes to a socket's path, macOS 104; ssh makes its own with 17 more before it renames it.
_LONGEST_PATH = 104 - 18
# Nothing that a person's own configuration would do on this way besides getting there.
_OPTIONS = (
    "BatchMode=yes", "ClearAllForwardings=yes", "ControlMaster=yes", f"ControlPersist={_IDLE_SECONDS}",
    "ConnectTimeout=15", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no", "RemoteCommand=none",
    "RequestTTY=no", "ServerAliveCountMax=3", "ServerAliveInterval=5",
)  # fmt: skip
_ASK_WHERE = "docker context inspect --format '{{.Endpoints.docker.Host}}'"


class Place(NamedTuple):
    """Where an `ssh://` address leads."""

    host: str
    user: str | None
    port: int | None
    socket: str | None
    """The engine's socket there, None for that of docker's context there."""

    @property
    def words(self) -> list[str]:
        """The words for ssh that lead there."""
        port = ["-p", str(self.port)] if self.port else []
        return [*port, "--", f"{self.user}@{self.host}" if self.user else self.host]

    @property
    def shown(self) -> str:
        """The command that a person tries."""
        return shlex.join(["ssh", *(word for word in self.words if word != "--")])


def parse(url: str) -> Place:
    """Take an `ssh://[USER@]HOST[:PORT][/SOCKET]` apart. Raises InputError for anything else."""
    form = "give `ssh://USER@HOST:PORT`, or with the engine's socket behind it"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError(f"`{url}` is no address of an engine", form) from None
    host = parts.netloc.rpartition("@")[2].rpartition(":")[0] if port else parts.netloc.rpartition("@")[2]
    host, user = host.strip("[]").rstrip(":"), unquote(parts.username or "") or None
    if parts.password is not None:
        raise InputError("an engine's address holds a password, which ssh does not take", "use a key")
    if not host or host.startswith("-") or (user or "").startswith("-") or parts.query or parts.fragment:
        raise InputError(f"`{url}` is no address of an engine", form)
    return Place(host, user, port, unquote(parts.path) if parts.path.strip("/") else None)


def reach(system: System) -> System:
    """The same doors, with docker's client and Compose told the way to an engine behind ssh.

    As they were for any other engine. Raises DevtoolError where there is no way.
    """
    endpoint = find_endpoint(system)
    if not endpoint.url.startswith("ssh://"):
        return system
    near = through(system, endpoint)
    if near.dial:
        return system
    changes: dict[str, str | None] = {
        "DOCKER_HOST": near.url,
        STANDS_FOR: endpoint.url,
        **dict.fromkeys(("DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")),
    }
    env = {name: value for name, value in {**system.env, **changes}.items() if value is not None}
    return replace(system, process=system.process.within(changes), env=env)


def through(system: System, endpoint: Endpoint) -> Endpoint:
    """The near end of the way to an engine behind ssh, made where it is not there. Raises DevtoolError."""
    place = parse(endpoint.url)
    if system.process.which("ssh") is None:
        raise DevtoolError(f"there is no `ssh` to reach `{endpoint.url}` with ({endpoint.said_by})")
    name = _name(system, endpoint.url)
    forwarded, carried = _near_ends(endpoint, place, name)
    near = carried if system.files.kind(f"{name}.dial") else forwarded
    if _answers(system, near):
        return near
    with system.files.lock(f"{name}.lock", _LOCK_SECONDS):
        if _answers(system, near):
            return near
        _make(system, endpoint, place, name)
        if _answers(system, forwarded):
            return forwarded
        if _answers(system, carried):
            system.files.write(f"{name}.dial", b"")
            return carried
        _through(system, f"{name}.ctl", ["-O", "exit"])
        raise _silent(endpoint, place)


def _near_ends(endpoint: Endpoint, place: Place, name: str) -> tuple[Endpoint, Endpoint]:
    """The socket that ssh forwards, and the connections that it carries one by one where it forwards none.

    By the second way docker's client and Compose go as well, each by itself.
    """
    said_by = f"the way to `{endpoint.url}`, {endpoint.said_by}"
    engine = f"unix://{place.socket}" if place.socket else ""
    return (
        Endpoint(f"unix://{name}.sock", said_by, stands_for=endpoint.url),
        Endpoint(endpoint.url, endpoint.said_by, dial=f"dial://{name}.ctl#{engine}"),
    )


def _make(system: System, endpoint: Endpoint, place: Place, name: str) -> None:
    control, log = f"{name}.ctl", f"{name}.log"
    if system.files.kind(control):
        _through(system, control, ["-O", "exit"])
    for left_over in (control, log, f"{name}.sock", f"{name}.dial"):
        system.files.remove(left_over)
    _log_in(system, place, control, log)
    if not _through(system, control, ["-O", "check"]).ok:
        raise _unreachable(endpoint, place, system.files.read_text(log) or "it takes too long")
    there = place.socket or _asked(_through(system, control, [], _ASK_WHERE))
    _through(system, control, ["-O", "forward", "-L", f"{name}.sock:{there}"])


def _log_in(system: System, place: Place, control: str, log: str) -> None:
    """Wait for ssh to get there, when it goes into the background, or to fail."""
    options = [word for option in _OPTIONS for word in ("-o", option)]
    # Not as a program that is run to its end: it would be ended with all that it leaves behind.
    argv = ["ssh", "-N", "-T", "-S", control, *options, *place.words]
    pid = system.process.spawn(argv, log_path=log, cwd="/")
    deadline = system.clock.monotonic() + _LOGIN_SECONDS
    try:
        while system.process.born(pid) is not None and system.clock.monotonic() < deadline:
            system.clock.sleep(_POLL_SECONDS)
    finally:
        if system.process.born(pid) is not None:
            system.process.end_group(pid, _GRACE_SECONDS)


def _through(system: System, control: str, flags: list[str], *command: str) -> Answer:
    """Ask the ssh that keeps the way; no configuration has a say, as where it leads is decided."""
    argv = ["ssh", "-F", "none", "-T", "-S", control, "-o", "ProxyCommand=false", *flags, "engine", *command]
    return system.process.run(argv, timeout_seconds=_LOGIN_SECONDS, cwd="/")


def _asked(answer: Answer) -> str:
    said = answer.stdout.strip() if answer.ok else ""
    return said.removeprefix("unix://") if said.startswith("unix:///") else DEFAULT_SOCKET


def _silent(endpoint: Endpoint, place: Place) -> DevtoolError:
    return DevtoolError(
        f"`{place.host}` lets us in, but no Docker engine answers there for `{endpoint.url}`"
        f" ({endpoint.said_by})",
        f"`{place.shown} docker version` must work",
    )


def _answers(system: System, near: Endpoint) -> bool:
    answer = system.network.call_engine(near.address, "GET", Call("/_ping"), _PING_SECONDS)
    if isinstance(answer, TimeoutError):
        # The way is there, and others may work through it: ssh itself ends one whose line is dead.
        where = near.stands_for or near.url
        raise DevtoolError(f"the Docker engine at `{where}` does not answer within {_PING_SECONDS:.0f} s")
    return not isinstance(answer, OSError) and answer.status == 200


def _unreachable(endpoint: Endpoint, place: Place, said: str) -> DevtoolError:
    lines = [line.strip().rstrip(".") for line in said.splitlines() if line.strip()]
    why = lines[-1] if lines else "ssh does not say why"
    return DevtoolError(
        f"cannot reach `{endpoint.url}` ({endpoint.said_by}): {why}",
        f"`{place.shown}` must get in without a question",
    )


def _name(system: System, url: str) -> str:
    """The path of our files for this way, without their endings."""
    from hashlib import sha256

    folder = _folder(system)
    system.files.make_folder(folder)
    name = posixpath.join(folder, sha256(url.encode()).hexdigest()[:10])
    if len(f"{name}.ctl".encode()) > _LONGEST_PATH:
        raise DevtoolError(
            f"`{folder}` is too long a path for a socket", "set `XDG_RUNTIME_DIR` to a folder of yours"
        )
    return name


def _folder(system: System) -> str:
    """A folder of this person alone: what lies there lets in whoever may open it."""
    runtime = system.env.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/") and system.files.owner_id(runtime) == system.machine.user_id():
        return f"{runtime.rstrip('/')}/devtool"
    return f"{system.directories.state}/ways"
