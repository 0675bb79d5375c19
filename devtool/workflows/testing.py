"""Test suites against a Milvus server: find it, fit a client to it, run, and read what came of it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import devtool
from devtool.adapters.environments import ensure_shared, find_interpreter
from devtool.adapters.grpc import server_version, speaks_http2
from devtool.adapters.junit import read_junit
from devtool.adapters.milvus.client import Client, client_for
from devtool.errors import DevtoolError, InputError
from devtool.model.command import Answer
from devtool.model.testing import TestResult
from devtool.system import System
from devtool.workflows import deploying

LEVELS = {"L0": "L0", "L1": "L0 or L1"}
"""What each level runs, as pytest's marks."""
_PYTEST = "pytest>=8,<9"  # the last that runs on Python 3.8
_CONTACT_SECONDS = 5.0
_RUN_SECONDS = 900.0
_SWEEP_SECONDS = 20.0
_DEFAULT_PORT = 19530
# gRPC sends even loopback through a proxy; we have reached the port without one.
_NO_PROXY = dict.fromkeys(("http_proxy", "https_proxy", "grpc_proxy", "all_proxy"))


@dataclass(frozen=True)
class Server:
    """Where a server is."""

    uri: str
    host: str
    port: int
    secure: bool
    token: str | None


def smoke(system: System, uri: str | None = None, level: str = "L1", junit: str | None = None) -> TestResult:
    """Run the bundled suite against the server; L1 includes L0, `junit` names a file to write.

    Raises InputError for a bad address, DevtoolError when there is no server to test.
    """
    server = parse_uri(uri) if uri else _running(system)
    version = _meet(system, server)
    client = _usable(system, client_for(version))
    note = system.console.note
    note(f"testing {server.uri} (Milvus {version or 'of unknown version'}) with pymilvus {client.version}")
    python = ensure_shared(
        system,
        f"smoke-{client.version}",
        client.pythons,
        (*client.packages, _PYTEST),
        lambda line: note(f"  {line}"),
    )
    report = f"{system.directories.state}/test/smoke-{system.clock.now():.6f}.xml"
    system.files.make_folder(posixpath.dirname(report))
    started = system.clock.monotonic()
    try:
        answer = _run(system, python, server, level, report)
        content = system.files.read_bytes(report)
    finally:
        system.files.remove(report)
    if not content:
        raise _broken(answer)
    if junit is not None:
        system.files.write(posixpath.join(system.cwd, junit), content)
    return _result(server, version, client, level, content, system.clock.monotonic() - started)


def parse_uri(uri: str) -> Server:
    """The server that the address means. Raises InputError when it means none."""
    hint = "write it as `http://127.0.0.1:19530`, or `http://user:password@host:19530`"
    shown = re.sub(r"//[^/@]*@", "//", uri)
    try:
        parts = urlsplit(uri)
        port = parts.port if parts.port is not None else _DEFAULT_PORT
    except ValueError:
        raise InputError(f"`{shown}` is not the address of a server", hint) from None
    if parts.scheme not in ("http", "https", "tcp") or not parts.hostname or not 0 < port < 65536:
        raise InputError(f"`{shown}` is not the address of a server", hint)
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = f"{'https' if parts.scheme == 'https' else 'http'}://{host}:{port}{parts.path.rstrip('/')}"
    return Server(plain, parts.hostname, port, parts.scheme == "https", token)


def _running(system: System) -> Server:
    running = [each for each in deploying.status(system) if each.state == "running"]
    if not running:
        raise DevtoolError(
            "no Milvus that was started here is running",
            "`devtool deploy up` starts one; `--uri` names one that runs elsewhere",
        )
    chosen = next((each for each in running if each.name == deploying.DEFAULT_NAME), running[0])
    return parse_uri(chosen.uri)


def _meet(system: System, server: Server) -> str | None:
    """The server's version. Raises DevtoolError when no Milvus is there to talk to."""
    where = f"{server.host}:{server.port}"
    contact = system.network.contact(server.host, server.port, _CONTACT_SECONDS)
    if contact != "open":
        said = {
            "refused": f"nothing listens on {where}",
            "timed-out": f"{where} did not answer within {_CONTACT_SECONDS:.0f} s",
        }
        raise DevtoolError(
            said.get(contact, f"{where} cannot be reached: no such host, or no route to it"),
            "`devtool deploy status` lists what was started here",
        )
    if server.secure:
        return None
    version = server_version(system, server.host, server.port)
    if version is None and not speaks_http2(system, server.host, server.port):
        raise DevtoolError(
            f"what listens on {where} is not Milvus's port for clients",
            "that is 19530 by default; 9091 serves metrics, and a server with TLS needs `https://`",
        )
    return version


def _usable(system: System, client: Client) -> Client:
    if client.otherwise and not any(find_interpreter(system, each) for each in client.pythons):
        return client.otherwise
    return client


def _run(system: System, python: str, server: Server, level: str, report: str) -> Answer:
    suite = f"{posixpath.dirname(devtool.__file__)}/smoke"
    told: set[int] = set()

    def tell(line: str) -> None:
        share = re.search(r"\[ *(\d+)%\]$", line)
        quarter = int(share[1]) // 25 * 25 if share else 0
        if 0 < quarter < 100 and quarter not in told:
            told.add(quarter)
            system.console.note(f"  {quarter}% done")

    configuration = ("--rootdir", suite, "-c", f"{suite}/pytest.ini")
    options = ("-v", "--no-header", "--tb=short", "-W", "ignore", f"--junit-xml={report}")
    env = {
        **_NO_PROXY,
        "SMOKE_URI": server.uri,
        "SMOKE_TOKEN": server.token,
        "SMOKE_RUN": f"{int(system.clock.now() * 1000):x}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": None,
        "PYTEST_PLUGINS": None,
    }
    ended = False
    try:
        answer = system.process.run(
            [python, "-m", "pytest", *options, "-m", LEVELS[level], *configuration, suite],
            timeout_seconds=_RUN_SECONDS,
            cwd="/",
            env=env,
            on_line=tell,
        )
        ended = answer.outcome == "ended"
        return answer
    finally:
        if not ended:  # pytest could not drop its collections itself
            sweep = [python, "-W", "ignore", f"{suite}/sweep.py"]
            system.process.run(sweep, timeout_seconds=_SWEEP_SECONDS, cwd="/", env=env)


def _broken(answer: Answer) -> DevtoolError:
    last = [line for line in answer.output.splitlines() if line.strip()][-6:]
    return DevtoolError(f"the suite did not run: pytest {answer.describe()}", "\n  ".join(last) or None)


def _result(
    server: Server, version: str | None, client: Client, level: str, content: bytes, seconds: float
) -> TestResult:
    cases = read_junit(content)
    return TestResult(server.uri, version, f"pymilvus {client.version}", level, cases, seconds)
