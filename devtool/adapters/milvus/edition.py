"""What the kinds of server that run without containers have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devtool.system import System
from devtool.system.process import Changes

Listener = Callable[[str], None]


@dataclass(frozen=True)
class Place:
    """Where one server lives."""

    state: str
    """Folder of its configuration and log."""
    data: str
    ports: Mapping[str, int]

    @property
    def log(self) -> str:
        """The file that receives all it prints."""
        return f"{self.state}/server.log"


@dataclass(frozen=True)
class Launch:
    """How to start one server."""

    argv: tuple[str, ...]
    env: Changes


@dataclass(frozen=True)
class Edition:
    """One kind of server, from its package to its first answer."""

    mode: str
    version: str
    title: str
    ports: Mapping[str, int]
    """The ports it listens on, by purpose, as it prefers them; `proxy` is what clients connect to."""
    start_seconds: float
    """How long a start may take."""
    install: Callable[[System, Listener], str]
    """Make the program ready to run, once; its path. Raises DevtoolError."""
    prepare: Callable[[System, str, Place], Launch]
    """Write the configuration for the program at that place."""
    missing: Callable[[System, Mapping[str, int]], str | None]
    """What a real request still finds missing; None when the server serves."""

    def metrics(self, ports: Mapping[str, int]) -> str | None:
        """URL of metrics and health, where it has any."""
        return f"http://127.0.0.1:{ports['metrics']}" if "metrics" in ports else None
