"""A web server on loopback that serves files as badly as it is told to, and a proxy."""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Fault = tuple[str, int]
"""`("break", n)` hangs up after n bytes, `("stall", n)` falls silent, `("status", n)` answers so."""


@dataclass
class Web:
    """What the server has, does and has seen."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    """One for each request, in order; requests after them are served well."""
    redirects: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    delay_seconds: float = 0.0
    """Before each answer."""
    tag: str | None = '"one"'
    chunked: bool = False
    login: str | None = None
    """`USER:PASSWORD` that the proxy wants."""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    silence: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    @property
    def asked(self) -> list[str | None]:
        """What each request asked for by `Range`."""
        return [headers.get("range") for _, headers in self.requests]


@contextmanager
def serving(web: Web, certificate: Path | None = None) -> Iterator[Web]:
    class Handler(_Handler):
        site = web

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    server.handle_error = lambda *_: None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        web.scheme = "https"
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.silence.set()
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody trusts, in one file."""
    path = folder / "server.pem"
    key = folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(key.read_bytes() + path.read_bytes())
    return path


class _Handler(BaseHTTPRequestHandler):
    site: Web

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        web = self.site
        web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.path.startswith("http://"):
            if not self._may_pass():
                return
            self.path = "/" + self.path.split("/", 3)[3]
        web.silence.wait(web.delay_seconds)
        kind, number = web.faults.pop(0) if web.faults else ("", 0)
        if kind == "status":
            self._say(number)
        elif self.path in web.redirects:
            self._say(302, {"Location": web.redirects[self.path]})
        elif self.path not in web.files:
            self._say(404)
        else:
            self._serve(web.files[self.path], kind, number)

    def do_CONNECT(self) -> None:
        web = self.site
        web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if not self._may_pass():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self._say(200)
            back = threading.Thread(target=_pour, args=(there, self.connection))
            back.start()
            _pour(self.connection, there)
            back.join()
        self.close_connection = True

    def _may_pass(self) -> bool:
        login = self.site.login
        wanted = f"Basic {base64.b64encode((login or '').encode()).decode()}"
        if login is None or self.headers.get("Proxy-Authorization") == wanted:
            return True
        self._say(407)
        return False

    def _serve(self, content: bytes, kind: str, number: int) -> None:
        web, start, status = self.site, 0, 200
        headers = {"ETag": web.tag} if web.tag else {}
        if self.path.endswith("/"):
            headers["Content-Type"] = "text/html"
        asked = self.headers.get("Range")
        current = self.headers.get("If-Range") in (None, web.tag)
        if asked and web.ranges and current:
            start, status = int(asked.removeprefix("bytes=").rstrip("-")), 206
            if start >= len(content):
                self._say(416, {"Content-Range": f"bytes */{len(content)}"})
                return
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not web.chunked:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:number] if kind else body)
        self.wfile.flush()
        if kind == "stall":
            web.silence.wait(10)
        self.close_connection = True

    def _say(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 200:
            self.send_header("Content-Length", "0")
        self.end_headers()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
