"""Real servers on loopback that misbehave in one known way each, and certificates made by openssl."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Handler = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[int]:
    """The port of a server that treats each connection so, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]

        def work(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                handler(connection)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=work, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield port
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def saying(answer: bytes) -> Handler:
    """Reads what comes first and answers it so."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return handle


def silent(connection: socket.socket) -> None:
    """Never answers."""
    while connection.recv(65536):
        pass


def closing(connection: socket.socket) -> None:
    """Hangs up once it was spoken to."""
    connection.recv(65536)


def resetting(connection: socket.socket) -> None:
    """Breaks off with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def relaying(port: int, context: ssl.SSLContext | None = None, delay_seconds: float = 0.0) -> Handler:
    """Hands on to that port; behind TLS with a context; what comes back, it may hold up."""

    def handle(connection: socket.socket) -> None:
        near = context.wrap_socket(connection, server_side=True) if context else connection
        with near, socket.create_connection(("127.0.0.1", port)) as far:
            far.sendall(near.recv(65536))
            far.settimeout(0.5)
            if delay_seconds:
                threading.Event().wait(delay_seconds)
            with contextlib.suppress(TimeoutError):
                while piece := far.recv(65536):
                    near.sendall(piece)

    return handle


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.certificate, self._key = folder / "ca.pem", folder / "ca.key"
        self._openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=Own Authority", "-keyout", self._key, "-out", self.certificate,
        )  # fmt: skip

    def issue(self, name: str, days: int = 30) -> tuple[Path, Path]:
        """Certificate and key for that name."""
        made = self._folder / f"{name}{days}.pem"
        key, wish, names = (made.with_suffix(end) for end in (".key", ".csr", ".cnf"))
        names.write_text(f"subjectAltName=DNS:{name}\n")
        self._openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/CN={name}", "-keyout", key, "-out", wish,
        )  # fmt: skip
        self._openssl(
            "x509", "-req", "-in", wish, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
            "-days", str(days), "-extfile", names, "-out", made,
        )  # fmt: skip
        return made, key

    def server(self, name: str, days: int = 30, *, mutual: bool = False) -> ssl.SSLContext:
        """How a server of that name speaks TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(name, days))
        context.set_alpn_protocols(["h2"])
        if mutual:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.certificate)
        return context

    def _openssl(self, *words: object) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=self._folder)
