"""The process that speaks to the engine while its parent keeps the log: one program in a container.

What it is to do comes through its environment, because a command line is everybody's to read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from devtool.adapters.engine.api import connect
from devtool.adapters.engine.execution import Execution, execute
from devtool.errors import InputError
from devtool.system import System

_VARIABLE = "DEVTOOL_BUILD_CLIENT"


def command(
    system: System,
    container_id: str,
    argv: Sequence[str],
    *,
    user: str,
    folder: str,
    environment: Mapping[str, str],
) -> tuple[list[str], dict[str, str]]:
    """The words and the environment of a client that runs the program in the container."""
    errand = [container_id, list(argv), user, folder, dict(environment)]
    return [*system.machine.own_words(), "build", "--client"], {**system.env, _VARIABLE: json.dumps(errand)}


def carry_out(system: System) -> int:
    """Be that client; the program's exit status. Raises DevtoolError."""
    if _VARIABLE not in system.env:
        raise InputError("`--client` is for devtool itself", "`devtool container exec` runs what you want")
    container_id, argv, user, folder, environment = json.loads(system.env[_VARIABLE])
    # Our parent reads what we say: when it is killed, the program is to end too, however silent it is.
    execution = Execution(argv, user=user, workdir=folder, environment=environment, leash=True)
    return execute(system, connect(system), container_id, execution)
