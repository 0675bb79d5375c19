"""Fakes at the doors, and a System made of them."""

from __future__ import annotations

from collections.abc import Mapping

from devtool.system import System
from tests.support.console import FakeConsole
from tests.support.files import FakeFiles
from tests.support.machine import FakeClock, FakeMachine, FakeNetwork
from tests.support.process import FakeProcess, ended

__all__ = [
    "FakeClock",
    "FakeConsole",
    "FakeFiles",
    "FakeMachine",
    "FakeNetwork",
    "FakeProcess",
    "ended",
    "fake_system",
]


def fake_system(
    *,
    process: FakeProcess | None = None,
    files: FakeFiles | None = None,
    console: FakeConsole | None = None,
    clock: FakeClock | None = None,
    network: FakeNetwork | None = None,
    machine: FakeMachine | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str = "/checkout",
) -> System:
    """A System of fakes; each can be given, none reaches the machine."""
    return System(
        process=process or FakeProcess(),
        files=files or FakeFiles(),
        console=console or FakeConsole(),
        clock=clock or FakeClock(),
        network=network or FakeNetwork(),
        machine=machine or FakeMachine(),
        env={"HOME": "/home/me", "PATH": "/usr/bin"} if env is None else env,
        cwd=cwd,
    )
