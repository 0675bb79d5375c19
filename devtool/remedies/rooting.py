"""Commands as root: whether they can be run here, whether one that failed ever began, and its way back."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from devtool.adapters.package_database import installed_by_dpkg
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.model.fix import CommandRun
from devtool.remedies.bench import root_path
from devtool.system import System

_BY_DPKG = ("dpkg", "--remove")
_UNINSTALL_SECONDS = 900.0


class RefusedError(DevtoolError):
    """`sudo` did not let the command begin: nothing of it was done."""


def can_be_root(system: System) -> bool:
    """Whether a command that needs root can be run here: as root, or by a `sudo` that can ask."""
    if system.machine.is_root():
        return True
    return system.console.interactive and system.process.which("sudo") is not None


def require_begun(system: System, answer: Answer, argv: Sequence[str], line: str) -> None:
    """Raises RefusedError where `answer`, of the command through `sudo`, is a refusal of `sudo` itself.

    `line` is the command for a person.
    """
    if answer.ok:
        return
    # It ends with 1 then, as many a command does; whether it lets the command pass can be asked for.
    refused = answer.outcome != "ended" or (
        answer.status == 1 and not system.process.run(("sudo", "-n", "-l", *argv), cwd="/").ok
    )
    if refused:
        raise RefusedError(f"`sudo` did not let `{line}` begin", "nothing of it was done")


def left_of(system: System, change: CommandRun) -> CommandRun | None:
    """The command, to take back no package but those that are installed; None where none is.

    As it is where no database can be asked.
    """
    undo = change.undo_argv or ()
    installed = installed_by_dpkg(system)
    if undo[:2] != _BY_DPKG or not installed:
        return change
    names = [name for name in undo[2:] if name.partition(":")[0] in installed]
    return replace(change, undo_argv=(*_BY_DPKG, *names)) if names else None


def as_one(commands: Sequence[Sequence[str]]) -> str:
    """The shell line that runs them all by one `sudo`."""
    lines = [shlex.join(each) for each in commands]
    return f"sudo {lines[0]}" if len(lines) == 1 else f"sudo sh -c {shlex.quote(' && '.join(lines))}"


def run_back(system: System, change: CommandRun) -> None:
    """Run what takes the command back. Raises DevtoolError where that fails, RefusedError by `sudo`."""
    argv = change.undo_argv or ()
    if change.needs_root and not system.machine.is_root():
        answer = system.process.attach(("sudo", *argv))
        require_begun(system, answer, argv, shlex.join(argv))
    else:
        answer = system.process.run(
            argv,
            timeout_seconds=_UNINSTALL_SECONDS,
            cwd="/",
            env={"PATH": root_path(system)} if system.machine.is_root() else None,
            on_line=system.console.note,
        )
    if not answer.ok:
        raise DevtoolError(f"`{shlex.join(argv)}` {answer.describe()}")
