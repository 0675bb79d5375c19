"""The engine of this machine as another machine's: behind an sshd of our own, or behind TLS."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import require

SOCKET = "/var/run/docker.sock"
HOST = "far"


@dataclass(frozen=True)
class FarMachine:
    """An sshd that leads to this machine, and an environment in which `ssh far` gets there."""

    folder: Path
    url: str
    env: Mapping[str, str] = field(repr=False)

    @property
    def ways(self) -> list[Path]:
        """The sockets through which ssh is told what to do."""
        return sorted((self.folder / "run/devtool").glob("*.ctl"))

    def keepers(self) -> list[int]:
        """The ssh processes that keep a way."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                words = entry.read_bytes().split(b"\0")
                if b"-N" in words and any(word.startswith(bytes(self.folder)) for word in words):
                    found.append(int(entry.parent.name))
        return found


@contextmanager
def far_machine(*rules: str) -> Iterator[FarMachine]:
    """Started and ended here: the server, with further rules, and every way that was made to it."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    require(sshd and shutil.which("ssh-keygen"), "no OpenSSH server on this machine")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)  # sshd runs its unprivileged part there
    # A socket's path is short: pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="far-") as name:
        folder = Path(name)
        port = _free_port()
        _keys(folder)
        _configure(folder, port, rules)
        argv = [str(sshd), "-D", "-e", "-f", f"{folder}/sshd_config"]
        with (folder / "sshd.log").open("wb") as log:
            server = subprocess.Popen(argv, stderr=log, stdin=subprocess.DEVNULL)
        try:
            _await(port, server, folder / "sshd.log")
            env = {
                **os.environ,
                "PATH": f"{folder}/bin:{os.environ['PATH']}",
                "XDG_RUNTIME_DIR": f"{folder}/run",
                "DOCKER_HOST": f"ssh://{HOST}",
            }
            machine = FarMachine(folder, f"ssh://{HOST}", env)
            yield machine
            for way in machine.ways:
                exit_way = ["ssh", "-F", "none", "-S", str(way), "-O", "exit", HOST]
                subprocess.run(exit_way, capture_output=True, check=False)
        finally:
            server.terminate()
            server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _keys(folder: Path) -> None:
    for name in ("host", "mine"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make, check=True)
    (folder / "run").mkdir(mode=0o700)
    (folder / "bin").mkdir()


def _configure(folder: Path, port: int, rules: tuple[str, ...]) -> None:
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/mine.pub\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nPermitRootLogin yes\n" + "".join(f"{rule}\n" for rule in rules)
    )
    key = (folder / "host.pub").read_text().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {key[0]} {key[1]}\n")
    (folder / "config").write_text(
        f"Host {HOST}\n HostName 127.0.0.1\n Port {port}\n User {getpass.getuser()}\n"
        f" IdentityFile {folder}/mine\n IdentitiesOnly yes\n UserKnownHostsFile {folder}/known\n"
        f"Host unknown\n HostName 127.0.0.1\n Port {port}\n UserKnownHostsFile /dev/null\n"
    )
    # ssh asks the user database for a home, not the environment.
    program = folder / "bin/ssh"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/config "$@"\n')
    program.chmod(0o755)


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    require(False, f"sshd does not start: {log.read_text()[-500:]}")


@contextmanager
def behind_tls(folder: Path) -> Iterator[int]:
    """The port of a server that takes our certificate alone and hands on to the engine's socket.

    The folder holds `ca.pem`, `cert.pem` and `key.pem` then, as docker has them.
    """
    require(shutil.which("openssl"), "no openssl on this machine")
    _certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server-cert.pem", folder / "server-key.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, context), daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def _certificates(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    _run(folder, *new, "-subj", "/CN=test CA", "-keyout", "ca-key.pem", "-out", "ca.pem")
    for prefix, name in (("server-", "127.0.0.1"), ("", "me")):
        request = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"]
        _run(folder, *request, "-keyout", f"{prefix}key.pem", "-out", "request.pem")
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        sign = ["openssl", "x509", "-req", "-days", "2", "-CA", "ca.pem", "-CAkey", "ca-key.pem"]
        sign += ["-CAcreateserial", "-extfile", "names", "-in", "request.pem"]
        _run(folder, *sign, "-out", f"{prefix}cert.pem")


def _run(folder: Path, *argv: str) -> None:
    subprocess.run(argv, cwd=folder, check=True, capture_output=True)


def _serve(server: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_hand_on, args=(connection, context), daemon=True).start()


def _hand_on(connection: socket.socket, context: ssl.SSLContext) -> None:
    """One connection, each direction by a thread, its end handed on as well."""
    with (
        suppress(OSError),
        connection,
        context.wrap_socket(connection, server_side=True) as secured,
        socket.socket(socket.AF_UNIX) as engine,
    ):
        engine.connect(SOCKET)
        guard = threading.Lock()
        secured.settimeout(0.01)
        thread = threading.Thread(target=_up, args=(secured, engine, guard), daemon=True)
        thread.start()
        while data := engine.recv(262144):
            with guard:
                secured.settimeout(30)
                secured.sendall(data)
                secured.settimeout(0.01)


def _up(secured: ssl.SSLSocket, engine: socket.socket, guard: threading.Lock) -> None:
    with suppress(OSError):
        while True:
            try:
                with guard:
                    data = secured.recv(262144)
            except TimeoutError:
                time.sleep(0.001)
                continue
            if not data:
                break
            engine.sendall(data)
    with suppress(OSError):
        engine.shutdown(socket.SHUT_WR)
