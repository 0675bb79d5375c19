"""A kernel, a clock and a network that say what they are told to say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from devtool.errors import DevtoolError
from devtool.model.carrying import Call
from devtool.system.engine_call import Reply
from devtool.system.network import Contact, HttpAnswer, Listener
from devtool.system.talking import Certificate, Talk, Trust


@dataclass
class FakeMachine:
    uname: tuple[str, str, str] = ("Linux", "6.1.0", "x86_64")
    cpu_count: int = 8
    page_size: int = 4096
    root: bool = False
    uid: int = 1000
    parent: int = 999

    def kernel(self) -> tuple[str, str, str]:
        return self.uname

    def cpus(self) -> int:
        return self.cpu_count

    def page_size_bytes(self) -> int:
        return self.page_size

    def is_root(self) -> bool:
        return self.root

    def user_id(self) -> int:
        return 0 if self.root else self.uid

    def group_id(self) -> int:
        return self.user_id()

    def parent_id(self) -> int:
        return self.parent

    def own_words(self) -> tuple[str, ...]:
        return ("/opt/devtool/bin/python", "-I", "-m", "devtool")

    def home(self, env: Mapping[str, str]) -> str | None:
        return env.get("HOME")


@dataclass
class FakeClock:
    """Time passes only when somebody sleeps."""

    time: float = 1_700_000_000.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class FakeNetwork:
    """`open` (host, port) pairs accept; `pages` answer a GET; `sockets` answer on a Unix path."""

    open: set[tuple[str, int]] = field(default_factory=set)
    pages: Mapping[str, HttpAnswer] = field(default_factory=dict)
    sockets: Mapping[str, HttpAnswer | OSError] = field(default_factory=dict)
    listening: Mapping[int, Listener] = field(default_factory=dict)
    replies: Mapping[tuple[str, int], bytes | OSError] = field(default_factory=dict)
    """What a (host, port) answers to any request."""
    engine: Mapping[str, list[Reply | OSError]] = field(default_factory=dict)
    """What an engine answers to `METHOD TARGET`, in order, the last one for ever."""
    engine_calls: list[tuple[str, str]] = field(default_factory=list)
    files_online: Mapping[str, bytes | DevtoolError] = field(default_factory=dict)
    """What each URL gives to `fetch` and `download`."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The addresses of each name that resolves."""
    downloaded: list[tuple[str, str]] = field(default_factory=list)
    """URL and path of each file; none is written, as no fake of a disk is known here."""

    def contact(self, host: str, port: int, timeout_seconds: float) -> Contact:
        return "open" if (host, port) in self.open else "refused"

    def get(self, url: str, timeout_seconds: float) -> HttpAnswer | None:
        return self.pages.get(url)

    def get_unix(self, socket_path: str, target: str, timeout_seconds: float) -> HttpAnswer | OSError:
        return self.sockets.get(socket_path, FileNotFoundError(2, "No such file or directory"))

    def call_engine(self, url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
        self.engine_calls.append((method, request.target))
        answers = self.engine.get(f"{method} {request.target}", [])
        if not answers:
            return FileNotFoundError(2, "No such file or directory")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def exchange(
        self, host: str, port: int, request: bytes, enough: Callable[[bytes], bool], timeout_seconds: float
    ) -> bytes | OSError:
        return self.replies.get((host, port), ConnectionRefusedError(111, "Connection refused"))

    def resolve(self, host: str, timeout_seconds: float) -> tuple[str, ...] | OSError:
        return self.names.get(host, OSError(-2, "Name or service not known"))

    def talk(
        self,
        address: str,
        port: int,
        request: bytes,
        enough: Callable[[bytes], bool],
        timeout_seconds: float,
        trust: Trust | None = None,
    ) -> Talk:
        reply = self.replies.get((address, port), ConnectionRefusedError(111, "Connection refused"))
        if isinstance(reply, OSError):
            return Talk("connecting", "refused", reply.strerror or str(reply))
        return Talk("talking", received=reply, connect_seconds=0.001, answer_seconds=0.002)

    def certificate(self, address: str, port: int, name: str, timeout_seconds: float) -> Certificate | None:
        return None

    def fetch(
        self, url: str, *, env: Mapping[str, str], limit_bytes: int, timeout_seconds: float | None = None
    ) -> bytes:
        content = self.files_online.get(
            url, DevtoolError(f"cannot download `{url}`: there is no such file (404)")
        )
        if isinstance(content, DevtoolError):
            raise content
        return content

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
        content = self.fetch(url, env=env, limit_bytes=limit_bytes)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DevtoolError(f"`{url}` came with the wrong checksum")
        self.downloaded.append((url, path))

    def listeners(self, ports: tuple[int, ...]) -> tuple[Listener, ...]:
        return tuple(self.listening[port] for port in ports if port in self.listening)

    def free_port(self, preferred: int) -> int:
        return preferred if preferred and preferred not in self.listening else 40000
