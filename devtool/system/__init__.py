"""The doors to the outside. Everything else in devtool is a function of what comes through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devtool.system.clock import Clock, RealClock
from devtool.system.console import Console, RealConsole
from devtool.system.directories import Directories
from devtool.system.disk import RealFiles
from devtool.system.files import Files
from devtool.system.machine import Machine, RealMachine
from devtool.system.network import Network, RealNetwork
from devtool.system.process import Process, RealProcess


@dataclass(frozen=True)
class System:
    """All doors, and the two things every process is born with: its folder and its environment."""

    process: Process
    files: Files
    console: Console
    clock: Clock
    network: Network
    machine: Machine
    env: Mapping[str, str]
    cwd: str
    """Absolute path that relative paths start from."""

    @property
    def directories(self) -> Directories:
        """Where devtool keeps its own files for this person."""
        return Directories(self.env, self.machine.home(self.env))


def real_system(directory: str | None = None) -> System:
    """The doors of this process, as if it had been started in `directory`.

    Raises InputError when `directory` is not a folder.
    """
    machine = RealMachine()
    env = machine.environment()
    clock = RealClock()
    return System(
        process=RealProcess(env),
        files=RealFiles(),
        console=RealConsole(env),
        clock=clock,
        network=RealNetwork(),
        machine=machine,
        env=env,
        cwd=machine.working_directory(directory),
    )
