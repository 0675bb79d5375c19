"""Sockets, as a door: is something there, what does it answer, which port is free."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from devtool.model.carrying import Call
    from devtool.system.download import Progress
    from devtool.system.engine_call import Reply
    from devtool.system.talking import Certificate, Talk, Trust
    from devtool.system.transfer import Patience

Contact = Literal["open", "refused", "timed-out", "unreachable"]


@dataclass(frozen=True)
class HttpAnswer:
    """The head of what an HTTP server said."""

    status: int
    body: str


@dataclass(frozen=True)
class Listener:
    """A process that listens on a TCP port."""

    port: int
    pid: int | None
    """None when the process belongs to somebody else and may not be asked."""
    program: str | None


class RealNetwork:
    """This machine's network."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience

    def contact(self, host: str, port: int, timeout_seconds: float) -> Contact:
        try:
            socket.create_connection((host, port), timeout_seconds).close()
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "timed-out"
        except OSError:
            return "unreachable"
        return "open"

    def get(self, url: str, timeout_seconds: float) -> HttpAnswer | None:
        import http.client
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_seconds)
        try:
            connection.request("GET", parts.path or "/")
            answer = connection.getresponse()
            return HttpAnswer(answer.status, answer.read(65536).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def get_unix(self, socket_path: str, target: str, timeout_seconds: float) -> HttpAnswer | OSError:
        from devtool.model.carrying import Call

        answer = self.call_engine(f"unix://{socket_path}", "GET", Call(target), timeout_seconds)
        if isinstance(answer, OSError):
            return answer
        return HttpAnswer(answer.status, answer.body.decode("utf-8", "replace"))

    def call_engine(self, url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
        from devtool.system.engine_call import call

        return call(url, method, request, timeout_seconds)

    def exchange(
        self, host: str, port: int, request: bytes, enough: Callable[[bytes], bool], timeout_seconds: float
    ) -> bytes | OSError:
        deadline = time.monotonic() + timeout_seconds
        received = b""
        try:
            with socket.create_connection((host, port), timeout_seconds) as connection:
                connection.sendall(request)
                while len(received) < 1024**2 and not enough(received):
                    connection.settimeout(max(0.001, deadline - time.monotonic()))
                    if not (chunk := connection.recv(65536)):
                        break
                    received += chunk
        except OSError as error:
            return error
        return received

    def resolve(self, host: str, timeout_seconds: float) -> tuple[str, ...] | OSError:
        from devtool.system.talking import resolve

        return resolve(host, timeout_seconds)

    def talk(
        self,
        address: str,
        port: int,
        request: bytes,
        enough: Callable[[bytes], bool],
        timeout_seconds: float,
        trust: Trust | None = None,
    ) -> Talk:
        from devtool.system.talking import talk  # with `ssl`, which takes longer than most commands' start

        return talk(address, port, request, enough, timeout_seconds, trust)

    def certificate(self, address: str, port: int, name: str, timeout_seconds: float) -> Certificate | None:
        from devtool.system.talking import certificate

        return certificate(address, port, name, timeout_seconds)

    def fetch(
        self, url: str, *, env: Mapping[str, str], limit_bytes: int, timeout_seconds: float | None = None
    ) -> bytes:
        from devtool.system.download import fetch  # with TLS, 30 ms that only a download is worth
        from devtool.system.transfer import Patience

        patience = self._patience or Patience()
        if timeout_seconds is not None:
            patience = Patience(timeout_seconds, timeout_seconds, attempts=1)
        return fetch(url, env, limit_bytes, patience)

    def download(
        self,
        url: str,
        path: str,
        *,
        env: Mapping[str, str],
        sha256: str,
        limit_bytes: int,
        on_progress: Progress | None = None,
    ) -> None:
        from devtool.system.download import download
        from devtool.system.transfer import Patience

        patience = self._patience or Patience()
        download(
            url,
            path,
            env=env,
            sha256=sha256,
            limit_bytes=limit_bytes,
            patience=patience,
            on_progress=on_progress,
        )

    def listeners(self, ports: tuple[int, ...]) -> tuple[Listener, ...]:
        taken = [port for port in ports if not _bindable(port)]
        if not taken:
            return ()
        owners = _owners()
        return tuple(owners.get(port, Listener(port, None, None)) for port in taken)

    def free_port(self, preferred: int) -> int:
        if preferred and _bindable(preferred):
            return preferred
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])


def _bindable(port: int) -> bool:
    for host in ("127.0.0.1", ""):  # on macOS a listener on one leaves the other free
        with socket.socket() as probe:
            # Else a port in TIME_WAIT looks taken although a server could have it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def _owners() -> dict[int, Listener]:
    import psutil

    found: dict[int, Listener] = {}
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.Error, OSError):  # macOS tells only root; a container may have no /proc/net
        return found
    for connection in connections:
        if connection.status != psutil.CONN_LISTEN or not connection.laddr:
            continue
        try:
            program = psutil.Process(connection.pid).name() if connection.pid else None
        except psutil.Error:
            program = None
        found.setdefault(connection.laddr.port, Listener(connection.laddr.port, connection.pid, program))
    return found
