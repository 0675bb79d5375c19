"""Where Docker's client would look for its engine, and what the engine answers there."""

from __future__ import annotations

import posixpath
from typing import Any, NamedTuple

from devtool.errors import UnreadableError
from devtool.model.codec import parse_json
from devtool.system import System
from devtool.system.network import HttpAnswer

DEFAULT_SOCKET = "/var/run/docker.sock"
STANDS_FOR = "DEVTOOL_ENGINE"
"""The variable by which our own children know that `DOCKER_HOST` is the near end of a way to this engine."""
_ANSWER_SECONDS = 4.0


class Tls(NamedTuple):
    """How an engine behind TCP proves itself, and we to it."""

    folder: str
    """Holds `ca.pem`, `cert.pem` and `key.pem`, as far as they are there."""
    verify: bool


class Endpoint(NamedTuple):
    """The engine's address, and what decided it."""

    url: str
    said_by: str
    tls: Tls | None = None
    stands_for: str = ""
    """The engine's own address, where `url` is the near end of a way to it."""
    dial: str = ""
    """The address by which the doors have ssh carry each connection, where it forwards no sockets."""

    @property
    def socket(self) -> str | None:
        """The path of a Unix socket, None for an engine behind TCP or ssh."""
        return self.url.removeprefix("unix://") if self.url.startswith("unix://") else None

    @property
    def address(self) -> str:
        """What the doors take: `unix://PATH`, `tcp://HOST:PORT`, `tls://HOST:PORT` with its certificates."""
        if self.tls is None:
            return self.dial or self.url
        place = self.url.partition("://")[2]
        return f"tls://{place}?{'verify' if self.tls.verify else 'trust'}#{self.tls.folder}"

    @property
    def elsewhere(self) -> str | None:
        """The engine's own address where it sees none of our folders, None for one on this machine."""
        url = self.stands_for or self.url
        scheme, _, place = url.partition("://")
        if scheme == "ssh":  # also to this machine: what listens there is as a rule a virtual one
            return url
        host = place.rpartition(":")[0].strip("[]") or place
        return None if scheme != "tcp" or host == "localhost" or host.startswith(("127.", "::1")) else url


class Engine(NamedTuple):
    """A running engine."""

    version: str
    memory_bytes: int | None
    system: str


class Silence(NamedTuple):
    """Why there was no answer that could be read."""

    error: OSError | None
    reason: str
    evidence: tuple[str, ...] = ()


def config_path(system: System) -> str | None:
    """The path of Docker's `config.json`, None without a home."""
    folder = system.env.get("DOCKER_CONFIG")
    home = system.machine.home(system.env)
    if folder:
        return posixpath.join(system.cwd, folder, "config.json")
    return f"{home}/.docker/config.json" if home else None


def read_config(system: System) -> dict[str, Any]:
    """Docker's configuration, empty where there is none. Raises UnreadableError when it is no JSON object."""
    path = config_path(system)
    text = system.files.read_text(path) if path else None
    return {} if text is None or path is None else _parsed(path, text)


def find_endpoint(system: System) -> Endpoint:
    """The address by docker's own precedence: `DOCKER_HOST`, the context, the default socket.

    Raises UnreadableError when the files that name it cannot be read.
    """
    env = system.env
    if env.get("DOCKER_HOST"):
        if behind := env.get(STANDS_FOR):
            return Endpoint(env["DOCKER_HOST"], f"the way to `{behind}`", stands_for=behind)
        return _with_port(Endpoint(env["DOCKER_HOST"], "`DOCKER_HOST`", _stated_tls(system)))
    context = env.get("DOCKER_CONTEXT")
    said_by = "`DOCKER_CONTEXT`"
    if not context:
        context = str(read_config(system).get("currentContext") or "")
        said_by = f"the context `{context}` of `{config_path(system)}`"
    if context in ("", "default"):
        return Endpoint(f"unix://{DEFAULT_SOCKET}", "the default")
    return _with_port(_context_endpoint(system, context, said_by))


def ask(system: System, endpoint: Endpoint) -> Engine | Silence:
    """What the engine says of itself."""
    if endpoint.socket is None:
        return _ask_client(system)
    answer = system.network.get_unix(endpoint.socket, "/info", _ANSWER_SECONDS)
    if isinstance(answer, OSError):
        return Silence(answer, _said(answer))
    return _read_info(answer)


def _read_info(answer: HttpAnswer) -> Engine | Silence:
    if answer.status != 200:
        return Silence(None, f"answers with status {answer.status}", tuple(answer.body.splitlines()[:1]))
    engine = _engine(answer.body)
    return engine or Silence(None, "gives an answer that cannot be read", tuple(answer.body.splitlines()[:1]))


def _ask_client(system: System) -> Engine | Silence:
    """Let docker's own client go through TCP, TLS or ssh; it is ended at the time limit."""
    answer = system.process.run(
        ["docker", "info", "--format", "{{json .}}"], timeout_seconds=_ANSWER_SECONDS, cwd="/"
    )
    if engine := _engine(answer.stdout):
        return engine
    if answer.outcome == "timed-out":
        return Silence(TimeoutError(), answer.describe())
    said = [line for line in answer.stderr.strip().splitlines() if line][:2]
    return Silence(None, f"cannot be reached: `docker info` {answer.describe()}", tuple(said))


def _engine(text: str) -> Engine | None:
    try:
        info = parse_json(text)
    except ValueError:
        return None
    if not isinstance(info, dict) or not info.get("ServerVersion"):
        return None
    memory = info.get("MemTotal")
    return Engine(
        version=str(info["ServerVersion"]),
        memory_bytes=memory if isinstance(memory, int) and memory > 0 else None,
        system=str(info.get("OperatingSystem", "")),
    )


def _stated_tls(system: System) -> Tls | None:
    """By docker's own variables: any value but none means yes."""
    verify = bool(system.env.get("DOCKER_TLS_VERIFY"))
    if not verify and not system.env.get("DOCKER_TLS"):
        return None
    folder = system.env.get("DOCKER_CERT_PATH") or posixpath.dirname(config_path(system) or "")
    return Tls(posixpath.join(system.cwd, folder), verify)


def _with_port(endpoint: Endpoint) -> Endpoint:
    """The address in full, as docker fills it in."""
    scheme, stated, place = endpoint.url.partition("://")
    if not stated and not endpoint.url.startswith("/"):
        scheme, place = "tcp", endpoint.url
    if scheme not in ("tcp", "http", "https"):
        return endpoint._replace(tls=None)
    place = place.rstrip("/")
    if not place.rpartition("]")[2].rpartition(":")[2].isdigit():
        place = f"{place}:{2376 if endpoint.tls else 2375}"
    return endpoint._replace(url=f"tcp://{place}")


def _context_endpoint(system: System, name: str, said_by: str) -> Endpoint:
    from hashlib import sha256

    store = posixpath.join(posixpath.dirname(config_path(system) or ""), "contexts")
    digest = sha256(name.encode()).hexdigest()
    path = posixpath.join(store, "meta", digest, "meta.json")
    text = system.files.read_text(path)
    if text is None:
        raise UnreadableError(f"docker's context `{name}` does not exist", "`docker context ls` lists them")
    endpoints = _parsed(path, text).get("Endpoints")
    docker = endpoints.get("docker") if isinstance(endpoints, dict) else None
    host = docker.get("Host") if isinstance(docker, dict) else None
    if not isinstance(host, str) or not host:
        raise UnreadableError(f"docker's context `{name}` names no engine", f"look at `{path}`")
    folder = posixpath.join(store, "tls", digest, "docker")
    trusting = isinstance(docker, dict) and docker.get("SkipTLSVerify") is True
    secured = trusting or bool(system.files.names(folder))
    return Endpoint(host, said_by, Tls(folder, not trusting) if secured else None)


def _parsed(path: str, text: str) -> dict[str, Any]:
    try:
        data = parse_json(text)
    except ValueError as error:
        raise UnreadableError(f"`{path}` is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise UnreadableError(f"`{path}` is not a JSON object")
    return data


def _said(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return f"does not answer within {_ANSWER_SECONDS:.0f} s"
    return (error.strerror or str(error)).lower()
