"""The process through which a program here feeds one in the container: `tar`, `git`, `rsync`.

What it is to do comes through its environment, because a command line is everybody's to read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from devtool.adapters.engine.api import connect
from devtool.adapters.engine.execution import Execution, execute
from devtool.errors import InputError
from devtool.model.container import Blueprint, Container, Person
from devtool.system import System

_VARIABLE = "DEVTOOL_SYNC_CLIENT"


def words(system: System) -> list[str]:
    """The words that start it; a host's name, which rsync wants to give, and the program follow."""
    return [*system.machine.own_words(), "container", "sync", "--client"]


def environment(container: Container, blueprint: Blueprint, person: Person) -> dict[str, str]:
    """What it finds in its environment."""
    errand = [container.id, f"{person.uid}:{person.gid}", blueprint.workspace, dict(person.environment)]
    return {_VARIABLE: json.dumps(errand)}


def feed(system: System, argv: Sequence[str], env: dict[str, str], pieces: Iterable[bytes]) -> str:
    """Let the program in the container read these; what it says. Raises DevtoolError where it fails."""
    talk = system.process.converse([*words(system), "container", *argv], cwd="/", env=env)
    try:
        for piece in pieces:
            talk.ask(piece)
        return b"".join(talk.pieces()).decode("utf-8", "replace")
    finally:
        talk.close()


def carry_out(system: System, argv: Sequence[str]) -> int:
    """Be that process; the program's exit status. Raises DevtoolError."""
    if _VARIABLE not in system.env:
        raise InputError("`--client` is for devtool itself", "`devtool container exec -i` runs what you want")
    container_id, user, folder, variables = json.loads(system.env[_VARIABLE])
    execution = Execution(argv[1:], user=user, workdir=folder, environment=variables, input=True)
    return execute(system, connect(system), container_id, execution)
