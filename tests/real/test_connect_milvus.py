"""`devtool connect` against a real Milvus: let in or not, behind TLS, killed, with other clients."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.adapters.environments import ensure_shared
from devtool.adapters.milvus.client import client_for
from devtool.system import System, real_system
from tests.conftest import require
from tests.support.embedded import Running, running
from tests.support.loopback import Authority, relaying, serving
from tests.support.tools import CACHE

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
REPOSITORY = Path(__file__).parents[2]
ROOT = "root:Milvus"
AUTHORIZATION = {"COMMON_SECURITY_AUTHORIZATIONENABLED": "true"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State and data of the tests' own; environments are shared between them."""
    require(sys.platform == "linux", "the embedded server is tried on Linux")
    made = tmp_path_factory.mktemp("connect")
    data = made / "data" / "devtool"
    data.mkdir(parents=True)
    (CACHE / "environments").mkdir(parents=True, exist_ok=True)
    (data / "environments").symlink_to(CACHE / "environments")
    return made


@pytest.fixture(scope="module")
def system(folder: Path) -> System:
    real = real_system()
    return System(
        real.process, real.files, real.console, real.clock, real.network, real.machine,
        surroundings(folder), real.cwd,
    )  # fmt: skip


@pytest.fixture(scope="module")
def milvus(system: System, folder: Path) -> Iterator[Running]:
    """One that asks for a password."""
    with running(system, folder / "guarded", AUTHORIZATION) as server:
        yield server


def surroundings(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_CERT"))},
    }


def connect(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "devtool", "connect", *words],
        env={**surroundings(folder), **env},
        capture_output=True, text=True, check=False, timeout=300, cwd=REPOSITORY,
    )  # fmt: skip


def look(folder: Path, *words: str, **env: str) -> dict[str, Any]:
    begun = time.monotonic()
    answer = connect(folder, *words, "--format", "json", **env)
    assert answer.stdout, answer.stderr
    assert "--smoke" in words or time.monotonic() - begun < 5
    assert "hunter2" not in answer.stdout + answer.stderr
    data: dict[str, Any] = json.loads(answer.stdout)
    assert answer.returncode == (0 if data["usable"] else 1)
    return data


def python_with(system: System, server: str) -> str:
    client = client_for(server)
    return ensure_shared(system, f"client-{client.version}", client.pythons, client.packages)


def test_every_layer_up_to_a_call_is_told(milvus: Running, folder: Path) -> None:
    data = look(folder, f"http://{ROOT}@localhost:{milvus.port}")

    outcomes = {layer["name"]: layer["outcome"] for layer in data["layers"]}
    assert [*outcomes][:10] == [
        "address", "name", "tcp", "protocol", "tls", "grpc", "authentication", "version", "database", "call",
    ]  # fmt: skip
    assert set(outcomes.values()) <= {"ok", "skipped", "warning"}
    assert (data["server"], data["fault"]) == ("v2.3.5-lite", None)
    assert 0 < data["latency_seconds"] < 2


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ("", "credentials-missing"),
        ("root:hunter2@", "credentials-wrong"),
        ("ahunter2key@", "credentials-wrong"),
    ],
)
def test_a_missing_and_a_wrong_password_are_told_apart(
    credentials: str, expected: str, milvus: Running, folder: Path
) -> None:
    data = look(folder, f"http://{credentials}127.0.0.1:{milvus.port}")

    assert data["fault"]["id"] == expected


def test_credentials_come_from_the_environment(milvus: Running, folder: Path) -> None:
    port = str(milvus.port)

    two = look(
        folder, MILVUS_HOST="localhost", MILVUS_PORT=port, MILVUS_USER="root", MILVUS_PASSWORD="Milvus"
    )
    token = look(folder, MILVUS_URI=f"http://localhost:{port}", MILVUS_TOKEN=ROOT)

    assert (two["usable"], two["origin"]) == (True, "MILVUS_HOST")
    assert (token["usable"], token["origin"]) == (True, "MILVUS_URI")


def test_a_profile_is_found_by_argument_flag_and_variable(
    milvus: Running, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "devtool").mkdir()
    (tmp_path / "devtool" / "connections.toml").write_text(
        f'[dev]\nuri = "http://127.0.0.1:{milvus.port}"\nuser = "root"\npassword_env = "ITS_PASSWORD"\n'
    )
    env = {"XDG_CONFIG_HOME": str(tmp_path), "ITS_PASSWORD": "Milvus"}

    found = [
        look(folder, "dev", **env),
        look(folder, "--profile", "dev", **env),
        look(folder, MILVUS_ENV="dev", **env),
    ]

    assert [(data["usable"], data["profile"]) for data in found] == [(True, "dev")] * 3


def test_a_missing_database_is_told_with_those_that_are_there(milvus: Running, folder: Path) -> None:
    fault = look(folder, f"http://{ROOT}@127.0.0.1:{milvus.port}/nope")["fault"]

    assert fault["id"] == "database-missing"
    assert "it has `default`" in fault["cause"]


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("metrics", "metrics-port"), ("etcd", "other-grpc"), ("proxy_internal", "other-grpc")],
)
def test_its_other_ports_are_recognised(purpose: str, expected: str, milvus: Running, folder: Path) -> None:
    fault = look(folder, f"127.0.0.1:{milvus.ports[purpose]}")["fault"]

    assert fault["id"] == expected


def test_tls_with_an_own_authority_and_a_certificate_of_ours_lets_us_in(
    milvus: Running, folder: Path, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("client")
    with serving(relaying(milvus.port, authority.server("localhost", mutual=True))) as port:
        data = look(
            folder, f"https://{ROOT}@localhost:{port}", "--ca", str(authority.certificate),
            "--cert", str(certificate), "--key", str(key),
        )  # fmt: skip

    assert data["usable"], data["fault"]
    assert next(each for each in data["layers"] if each["name"] == "tls")["said"].startswith("TLSv1.3")


def test_a_milvus_with_tls_of_its_own_is_reached_written_to_and_told_from_plain_text(
    folder: Path, system: System, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("localhost")
    env = {
        "COMMON_SECURITY_TLSMODE": "1",
        "TLS_SERVERPEMPATH": str(certificate),
        "TLS_SERVERKEYPATH": str(key),
    }
    trusting = ("--ca", str(authority.certificate))
    with running(system, tmp_path / "secured", env) as server:
        smoke = look(folder, f"https://localhost:{server.port}", *trusting, "--smoke")
        plain = look(folder, f"http://localhost:{server.port}")
        unknown = look(folder, f"https://localhost:{server.port}")
        code = connect(folder, f"https://localhost:{server.port}", *trusting, "--snippet", "python").stdout
        answer = subprocess.run(
            [python_with(system, "2.6"), "-W", "ignore", "-c", code],
            env=surroundings(folder), capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert smoke["usable"], smoke["fault"]
    assert plain["fault"]["id"] == "plaintext-to-tls"
    assert unknown["fault"]["id"] == "certificate-untrusted"
    assert (answer.returncode, answer.stdout) == (0, "[]\n"), answer.stderr


def test_a_dead_proxy_that_clients_would_take_is_told(milvus: Running, folder: Path) -> None:
    uri = f"http://{ROOT}@127.0.0.1:{milvus.port}"

    dead = look(folder, uri, http_proxy="http://me:hunter2@127.0.0.1:9")
    spared = look(folder, uri, http_proxy="http://127.0.0.1:9", no_proxy="localhost,127.0.0.1")

    assert dead["fault"]["id"] == "proxy-dead"
    assert spared["usable"]


def test_smoke_writes_reads_and_leaves_nothing(milvus: Running, folder: Path) -> None:
    data = look(folder, f"http://{ROOT}@127.0.0.1:{milvus.port}", "--smoke")

    assert data["usable"], data["fault"]
    assert data["layers"][-1]["said"] == "wrote, found and removed 3 rows with pymilvus 2.3.7"
    after = look(folder, f"http://{ROOT}@127.0.0.1:{milvus.port}")
    call = next(layer for layer in after["layers"] if layer["name"] == "call")
    assert call["said"] == "0 collections listed"


@pytest.mark.parametrize("style", ["python", "python-orm"])
@pytest.mark.parametrize("series", ["2.3", "2.6"])
def test_the_code_it_prints_runs_with_old_and_new_clients(
    style: str, series: str, milvus: Running, folder: Path, system: System
) -> None:
    code = connect(folder, f"http://{ROOT}@127.0.0.1:{milvus.port}", "--snippet", style).stdout

    answer = subprocess.run(
        [python_with(system, series), "-W", "ignore", "-c", code],
        env={**surroundings(folder), "MILVUS_PASSWORD": "Milvus"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (answer.returncode, answer.stdout) == (0, "[]\n"), answer.stderr


def test_a_client_newer_than_the_server_is_a_warning(milvus: Running, folder: Path, system: System) -> None:
    path = f"{os.path.dirname(python_with(system, '2.6'))}:{os.environ['PATH']}"

    data = look(folder, f"http://{ROOT}@127.0.0.1:{milvus.port}", PATH=path)

    assert (data["usable"], data["client"]) == (True, "2.6.17")
    assert data["layers"][-1]["outcome"] == "warning"
    assert "pymilvus==2.3.7` fits" in data["layers"][-1]["said"]


def test_a_client_that_cannot_work_with_the_server_is_told(
    folder: Path, system: System, tmp_path: Path
) -> None:
    path = f"{os.path.dirname(python_with(system, '2.3'))}:{os.environ['PATH']}"
    with running(system, tmp_path, mode="lite") as lite:
        fault = look(folder, f"http://127.0.0.1:{lite.port}", PATH=path)["fault"]

    assert fault["id"] == "client-incompatible"
    assert "pymilvus 2.3.7 does not fit Milvus Lite 3" in fault["cause"]


def test_a_server_killed_in_the_middle_of_the_call_is_told_and_watched(
    folder: Path, system: System, tmp_path: Path
) -> None:
    with running(system, tmp_path) as server:
        uri = f"http://127.0.0.1:{server.port}"
        watching = subprocess.Popen(
            [sys.executable, "-m", "devtool", "connect", uri, "--watch", "--interval", "0.3"],
            env=surroundings(folder), stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
        )  # fmt: skip
        assert watching.stdout is not None
        first = watching.stdout.readline()
        os.kill(server.pid, signal.SIGSTOP)
        killing = threading.Timer(1.2, os.kill, (server.pid, signal.SIGKILL))
        killing.start()
        fault = look(folder, uri)["fault"]
        killing.join()
        said = ""
        while "[refused]" not in said:
            said = watching.stdout.readline()
            assert said, "it ended without a word on the refusal"
        watching.kill()
        watching.wait(10)
        watching.stdout.close()

    assert first.startswith("reachable Milvus v2.3.5-lite")
    assert fault["id"] == "ended-mid-call"
