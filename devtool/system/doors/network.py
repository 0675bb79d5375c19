"""The network, as a door: for checking types only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from devtool.model.carrying import Call
from devtool.system.engine_call import Reply
from devtool.system.network import Contact, HttpAnswer, Listener
from devtool.system.talking import Certificate, Talk, Trust


class Network(Protocol):
    """What the rest of devtool may do with the network."""

    def contact(self, host: str, port: int, timeout_seconds: float) -> Contact:
        """Open a TCP connection and close it again."""

    def get(self, url: str, timeout_seconds: float) -> HttpAnswer | None:
        """An HTTP GET without proxy or redirect; None when nothing answers in time."""

    def get_unix(self, socket_path: str, target: str, timeout_seconds: float) -> HttpAnswer | OSError:
        """An HTTP GET over a Unix socket, or the error that stood in the way."""

    def call_engine(self, url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
        """One request of the API at `unix://PATH` or `tcp://HOST:PORT`, or what stood in the way."""

    def exchange(
        self, host: str, port: int, request: bytes, enough: Callable[[bytes], bool], timeout_seconds: float
    ) -> bytes | OSError:
        """Send, and read until `enough` of it came, the other side closed, or the time is up."""

    def resolve(self, host: str, timeout_seconds: float) -> tuple[str, ...] | OSError:
        """The addresses of a name, or what stood in the way."""

    def talk(
        self,
        address: str,
        port: int,
        request: bytes,
        enough: Callable[[bytes], bool],
        timeout_seconds: float,
        trust: Trust | None = None,
    ) -> Talk:
        """As `exchange`, behind TLS with `trust`, and telling how far it came and what stopped it."""

    def certificate(self, address: str, port: int, name: str, timeout_seconds: float) -> Certificate | None:
        """What the TLS server there shows of itself, believed or not; None when it shows nothing."""

    def fetch(
        self, url: str, *, env: Mapping[str, str], limit_bytes: int, timeout_seconds: float | None = None
    ) -> bytes:
        """What a small page holds, through proxies and redirects. Raises DevtoolError.

        With a time limit, for each wait on the network, it is asked once.
        """

    def download(
        self,
        url: str,
        path: str,
        *,
        env: Mapping[str, str],
        sha256: str,
        limit_bytes: int,
        on_progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Bring a file to `path`, whole and with this checksum, as `fetch` does; goes on where it broke off.

        `on_progress` is told the bytes that are here, and of how many where that is known.
        Raises DevtoolError, and leaves at most `PATH.part` then.
        """

    def listeners(self, ports: tuple[int, ...]) -> tuple[Listener, ...]:
        """Who listens on these TCP ports."""

    def free_port(self, preferred: int) -> int:
        """`preferred` if it can be bound, else (and for 0) one the kernel gives."""
