"""The doors to the outside. Everything else in devtool is a function of what comes through them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.system.clock import RealClock
from devtool.system.console import RealConsole
from devtool.system.directories import Directories
from devtool.system.disk import RealFiles
from devtool.system.machine import RealMachine
from devtool.system.network import RealNetwork
from devtool.system.process import RealProcess

if TYPE_CHECKING:
    from devtool.system.doors import Clock, Console, Files, Machine, Network, Process


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
        process=RealProcess(_with_shims(env, machine.home(env))),
        files=RealFiles(),
        console=RealConsole(env),
        clock=clock,
        network=RealNetwork(),
        machine=machine,
        env=env,
        cwd=machine.working_directory(directory),
    )


def _with_shims(env: Mapping[str, str], home: str | None) -> Mapping[str, str]:
    """The environment of our children: they see devtool's tools at once, new shells by their profile."""
    try:
        shims = Directories(env, home).shims
    except InputError:  # no home, no shims
        return env
    return {**env, "PATH": f"{shims}:{env.get('PATH', os.defpath)}"}
