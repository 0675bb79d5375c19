"""The checks of Docker against its real client, a real engine, and real helpers that fail."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.checks.docker import DOCKER_CHECKS
from devtool.model.host import GIB
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System, real_system
from devtool.system.process import RealProcess
from tests.conftest import require
from tests.support.examining import examined

pytestmark = pytest.mark.real
CHECKS = {check.id: check for check in DOCKER_CHECKS}
MILVUS = Needs("milvus", "/checkout", memory_bytes=GIB)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A home whose `bin` comes first on PATH."""
    require(shutil.which("docker"), "no docker client on this machine")
    (tmp_path / "bin").mkdir()
    (tmp_path / ".docker").mkdir()
    return tmp_path


def environment(box: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{box}/bin:{os.environ['PATH']}", "HOME": str(box), **more}


def configured(box: Path, **config: object) -> None:
    (box / ".docker/config.json").write_text(json.dumps(config))


def helper(box: Path, name: str, body: str) -> None:
    path = box / f"bin/docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def seen(check_id: str, env: dict[str, str]) -> Finding:
    system: System = replace(real_system("/"), env=env, process=RealProcess(env))
    return examined(CHECKS[check_id], system, MILVUS)


# Credential helpers


def client_says(box: Path, engine: str, *words: str) -> str:
    """What docker's client says of its credentials when it is given these words."""
    answer = subprocess.run(
        ["docker", *words],
        env=environment(box, DOCKER_HOST=engine),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return answer.stdout + answer.stderr


class _NoSuchImage(http.server.BaseHTTPRequestHandler):
    """As much of an engine as `docker run` asks before it turns to the helper."""

    def answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.answer(200, {"IndexServerAddress": "https://index.docker.io/v1/"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(404, {"message": "No such image: devtool.invalid/nothing:latest"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        return


@pytest.fixture
def imageless_engine() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _NoSuchImage)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"tcp://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        # Client 28: not found in $PATH; Debian's 20.10: resolves to the current directory.
        (None, "docker-credential-fake"),
        ("exit 1", "exit status 1"),
        ("echo 'pass not initialized'; exit 1", "pass not initialized"),
    ],
    ids=["missing", "silent", "complaining"],
)
def test_a_helper_fails_the_check_as_it_fails_the_real_client(
    box: Path, imageless_engine: str, body: str | None, said: str
) -> None:
    configured(box, credsStore="fake")
    if body is not None:
        helper(box, "fake", body)

    finding = seen("docker-credentials", environment(box))
    # `logout` turns to the helper in every client; for an image only newer ones mind its failing.
    complaint = client_says(box, imageless_engine, "logout")

    assert "error erasing credentials" in complaint
    assert said in complaint
    assert finding.severity == "failure"
    assert f"`{box}/.docker/config.json` names the credential helper `fake`" in finding.summary


def test_a_helper_without_a_login_is_healthy_to_both(box: Path, imageless_engine: str) -> None:
    configured(box, credsStore="fake")
    helper(box, "fake", "echo 'credentials not found in native keychain'; exit 1")

    finding = seen("docker-credentials", environment(box))

    assert finding.severity == "ok"
    assert "error getting credentials" not in client_says(
        box, imageless_engine, "run", "--rm", "devtool.invalid/nothing"
    )


def test_a_helper_whose_list_works_and_get_fails_is_found_out(box: Path) -> None:
    configured(box, credsStore="fake")
    helper(box, "fake", 'test "$1" = list && echo "{}" && exit 0; cat >/dev/null; exit 1')

    assert seen("docker-credentials", environment(box)).severity == "failure"


def test_a_helper_that_hangs_is_ended_and_unknown(box: Path) -> None:
    configured(box, credsStore="fake")
    helper(box, "fake", "sleep 61.5")
    started = time.monotonic()

    finding = seen("docker-credentials", environment(box))

    assert finding.severity == "unknown"
    assert time.monotonic() - started < 7
    left = subprocess.run(["pgrep", "-fx", "sleep 61.5"], capture_output=True, check=False)
    assert left.stdout == b""


def test_a_helper_for_another_system_is_a_failure(box: Path) -> None:
    configured(box, credsStore="fake")
    path = box / "bin/docker-credential-fake"
    path.write_bytes(b"MZ\x90\x00 not for this system")
    path.chmod(0o755)

    assert seen("docker-credentials", environment(box)).severity == "failure"


def test_a_configuration_that_is_a_folder_or_no_json_is_unknown(box: Path) -> None:
    (box / ".docker/config.json").mkdir()
    folder = seen("docker-credentials", environment(box))
    (box / ".docker/config.json").rmdir()
    (box / ".docker/config.json").write_text("{ not json")
    broken = seen("docker-credentials", environment(box))

    assert (folder.severity, broken.severity) == ("unknown", "unknown")
    assert folder.summary == f"`{box}/.docker/config.json` is a folder, not a file"


# The engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real dockerd on a socket of its own; the socket's path."""
    path = f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin"  # it, and the iptables it calls
    dockerd = shutil.which("dockerd", path=path)
    unshare = shutil.which("unshare", path=path)
    require(os.geteuid() == 0 and dockerd and unshare, "no dockerd that may be started here")
    env = {**os.environ, "PATH": path}
    # A socket's path is limited to 107 bytes.
    root = Path(tmp_path_factory.mktemp("d"))
    path = f"{root}/d.sock"
    # In a network of its own: without a bridge it removes the one of the machine's engine.
    argv = [
        str(unshare),
        "--net",
        str(dockerd),
        "--host",
        f"unix://{path}",
        "--data-root",
        f"{root}/data",
        "--exec-root",
        f"{root}/exec",
    ]
    argv += ["--pidfile", f"{root}/pid", "--bridge=none", "--iptables=false", "--storage-driver=vfs"]
    with (root / "log").open("wb") as log:
        server = subprocess.Popen(argv, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not _answers(path):
            ready = server.poll() is None and time.monotonic() < deadline
            require(ready, f"dockerd does not start here: {(root / 'log').read_text()[-300:]}")
            time.sleep(0.1)
        yield path
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def test_a_real_engine_answers_the_checks(engine: str, box: Path) -> None:
    env = environment(box, DOCKER_HOST=f"unix://{engine}")

    found = [seen(check_id, env) for check_id in ("docker-daemon", "docker-permission", "docker-memory")]

    assert [finding.severity for finding in found] == ["ok", "ok", "ok"]
    version = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    # The client shows Debian's addition to the version, and so does the engine.
    assert found[0].summary.startswith(f"Docker {version.stdout.strip()} answers at")


def test_a_real_engine_is_found_through_the_current_context(engine: str, box: Path) -> None:
    env = environment(box)
    docker = ["docker", "context"]
    create = [*docker, "create", "mine", "--docker", f"host=unix://{engine}"]
    subprocess.run(create, env=env, check=True, capture_output=True)
    subprocess.run([*docker, "use", "mine"], env=env, check=True, capture_output=True)

    finding = seen("docker-daemon", env)

    assert finding.severity == "ok"
    assert f"the context `mine` of `{box}/.docker/config.json`" in finding.summary


def test_a_dead_remote_engine_is_told_by_the_real_client(box: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        env = environment(box, DOCKER_HOST=f"tcp://127.0.0.1:{taken.getsockname()[1]}")

        finding = seen("docker-daemon", env)

    assert finding.severity == "warning"
    assert "cannot be reached: `docker info" in finding.summary


def test_a_silent_remote_engine_is_not_waited_for(box: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        env = environment(box, DOCKER_HOST=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()

        finding = seen("docker-daemon", env)

    assert finding.severity == "unknown"
    assert time.monotonic() - started < 6


def test_a_socket_without_permission_names_its_group(box: Path) -> None:
    require(os.geteuid() == 0, "only root can become somebody else")
    # pytest's own temporary folders can be entered by their owner alone.
    place = Path("/tmp") / f"devtool-{os.getpid()}"
    place.mkdir(mode=0o755)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"{place}/d.sock")
            server.listen()
            os.chown(f"{place}/d.sock", 0, 12)  # `man`, which every Debian has
            os.chmod(f"{place}/d.sock", 0o660)
            script = (
                "from tests.real.test_docker_checks import seen\n"
                "for id in ('docker-permission', 'docker-daemon'):\n"
                f"    found = seen(id, {{'PATH': '/usr/local/bin:/usr/bin:/bin', 'HOME': '/nowhere', "
                f"'DOCKER_HOST': 'unix://{place}/d.sock'}})\n"
                "    shown = [action.preview for remedy in found.remedies for action in remedy.actions]\n"
                "    print(found.severity, found.summary, shown)\n"
            )
            answer = _as_nobody(script)
    finally:
        shutil.rmtree(place)

    permission, daemon = answer.splitlines()
    assert permission == (
        f"warning you may not use `{place}/d.sock`: `nobody` is not in the group `man` "
        "['sudo usermod -aG man nobody']"
    )
    assert daemon.startswith("skipped no permission on")


def _as_nobody(script: str) -> str:
    """Run the script in a child that has loaded everything before it gives root away."""
    import pwd
    import sys

    nobody = pwd.getpwnam("nobody")
    prelude = (
        "import os\nimport tests.real.test_docker_checks, devtool.checks.docker, json, urllib.parse, shutil\n"
        f"os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", prelude + script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout
