"""Every way a connection fails, set up for real on loopback, is named rightly and within five seconds."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import require
from tests.support import loopback
from tests.support.loopback import Authority, relaying, saying, serving
from tests.support.milvus import SETTINGS, version_reply

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]
REPOSITORY = Path(__file__).parents[2]
ANSWERS = saying(version_reply("v2.5.0"))


class Look:
    """What `devtool connect` said, and how long it took."""

    def __init__(self, folder: Path, *words: str, **env: str) -> None:
        begun = time.monotonic()
        answer = subprocess.run(
            [sys.executable, "-m", "devtool", "connect", *words, "--format", "json"],
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **env},
            capture_output=True, text=True, check=False, timeout=30, cwd=REPOSITORY,
        )  # fmt: skip
        self.seconds = time.monotonic() - begun
        assert answer.stdout, answer.stderr
        self.status, self.data = answer.returncode, json.loads(answer.stdout)

    @property
    def fault(self) -> dict[str, Any]:
        assert self.status == 1
        assert self.seconds < 5
        found: dict[str, Any] = self.data["fault"]
        return found


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    require(shutil.which("openssl"), "no openssl to make certificates with")
    (tmp_path / "pki").mkdir()
    return Authority(tmp_path / "pki")


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it
        yield held.getsockname()[1]


def test_nothing_that_listens_is_refused(tmp_path: Path, unused_port: int) -> None:
    fault = Look(tmp_path, f"127.0.0.1:{unused_port}").fault

    assert fault["id"] == "refused"
    assert fault["cause"] == f"nothing listens on 127.0.0.1:{unused_port}: the connection was refused"
    assert fault["failure"] == "pymilvus-connect-failed"


def test_a_name_that_nobody_knows_is_told(tmp_path: Path) -> None:
    fault = Look(tmp_path, "http://no-such-milvus.invalid:19530").fault

    assert fault["id"] == "name-unknown"
    assert "`no-such-milvus.invalid` cannot be resolved" in fault["cause"]


def test_a_full_queue_that_drops_packets_is_told_from_a_refusal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        port = listener.getsockname()[1]
        for _ in range(4):  # accepted by nobody: the queue is full, and the kernel drops what comes
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        fault = Look(tmp_path, f"127.0.0.1:{port}").fault

    assert fault["id"] == "filtered"


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (loopback.silent, "silent"),
        (loopback.closing, "closed"),
        (loopback.resetting, "reset"),
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n"), "other-protocol"),
        (saying(b"-ERR unknown command 'PRI'\r\n"), "other-protocol"),
        (saying(b"HTTP/1.1 400 Bad Request\r\nServer: MinIO\r\n\r\n"), "minio-port"),
        (saying(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n"), "http-port"),
        (saying(b"HTTP/1.1 400 Bad Request\r\n\r\nOK"), "metrics-port"),
        (saying(b"\x15\x03\x01\x00\x02\x02\x46"), "plaintext-to-tls"),
        (saying(SETTINGS + b"\0\0\1\1\5\0\0\0\1\x8d"), "gateway"),
    ],
)
def test_what_speaks_on_the_port_is_recognised(
    handler: loopback.Handler, expected: str, tmp_path: Path
) -> None:
    with serving(handler) as port:
        fault = Look(tmp_path, f"127.0.0.1:{port}").fault

    assert fault["id"] == expected


def test_pythons_own_web_server_is_named(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path,
    )  # fmt: skip
    try:
        wait_for(port)
        fault = Look(tmp_path, f"127.0.0.1:{port}").fault
    finally:
        server.terminate()
        server.wait(10)

    assert fault["id"] == "http-port"
    assert "SimpleHTTP" in fault["cause"]


def test_tls_to_a_plaintext_server_is_told(tmp_path: Path) -> None:
    with serving(ANSWERS) as port:
        fault = Look(tmp_path, f"https://127.0.0.1:{port}").fault

    assert fault["id"] == "tls-to-plaintext"


def test_plaintext_to_a_tls_server_is_told(tmp_path: Path, authority: Authority) -> None:
    context = authority.server("localhost")
    with serving(ANSWERS) as behind, serving(relaying(behind, context)) as port:
        fault = Look(tmp_path, f"localhost:{port}").fault

    assert fault["id"] == "plaintext-to-tls"
    assert f"write `https://localhost:{port}`" in fault["cure"]


def test_a_certificate_of_an_unknown_authority_is_told_with_who_signed_it(
    tmp_path: Path, authority: Authority
) -> None:
    with serving(ANSWERS) as behind, serving(relaying(behind, authority.server("localhost"))) as port:
        fault = Look(tmp_path, f"https://localhost:{port}").fault

    assert fault["id"] == "certificate-untrusted"
    assert "`Own Authority` signed" in fault["cause"]
    assert fault["failure"] == "network-tls-untrusted"


def test_a_certificate_for_another_name_is_told_with_its_names(tmp_path: Path, authority: Authority) -> None:
    context = authority.server("milvus.example")
    with serving(ANSWERS) as behind, serving(relaying(behind, context)) as port:
        fault = Look(tmp_path, f"https://localhost:{port}", "--ca", str(authority.certificate)).fault

    assert fault["id"] == "certificate-name"
    assert "is for `milvus.example`, not for `localhost`" in fault["cause"]
    assert "--server-name milvus.example" in fault["cure"]


def test_an_expired_certificate_is_told_with_its_date(tmp_path: Path, authority: Authority) -> None:
    context = authority.server("localhost", days=-1)
    with serving(ANSWERS) as behind, serving(relaying(behind, context)) as port:
        fault = Look(tmp_path, f"https://localhost:{port}", "--ca", str(authority.certificate)).fault

    assert fault["id"] == "certificate-expired"
    assert " expired on " in fault["cause"]


def test_a_server_that_wants_a_certificate_of_ours_is_told(tmp_path: Path, authority: Authority) -> None:
    context = authority.server("localhost", mutual=True)
    with serving(ANSWERS) as behind, serving(relaying(behind, context)) as port:
        fault = Look(tmp_path, f"https://localhost:{port}", "--ca", str(authority.certificate)).fault

    assert fault["id"] == "certificate-wanted"


def test_a_missing_file_of_ours_is_told(tmp_path: Path) -> None:
    with serving(ANSWERS) as port:
        fault = Look(tmp_path, f"https://localhost:{port}", "--ca", str(tmp_path / "none.pem")).fault

    assert fault["id"] == "own-files"
    assert "none.pem" in fault["cure"]


def test_a_limit_that_is_too_short_is_told_from_a_dead_server(tmp_path: Path) -> None:
    with serving(ANSWERS) as behind, serving(relaying(behind, delay_seconds=0.8)) as port:
        fault = Look(tmp_path, f"127.0.0.1:{port}", "--timeout", "0.2").fault

    assert fault["id"] == "limit-too-short"
    assert "the limit of 0.2 s is too short" in fault["cause"]


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
