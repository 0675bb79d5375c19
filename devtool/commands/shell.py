"""`devtool shell`: the person's shell, or one command, with the environment of this checkout's build."""

from __future__ import annotations

import click

from devtool.errors import DevtoolError
from devtool.model.environment import SHELL, applied, changes
from devtool.system import System

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
_EPILOG = """\b
Examples:
  devtool shell               your own shell, ready to build this checkout
  devtool shell -- make       one command, without a shell around it
"""


@click.command(epilog=_EPILOG, context_settings={"allow_interspersed_args": False})
@click.argument("argv", metavar="[-- COMMAND...]", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(system: System, argv: tuple[str, ...]) -> int:
    """Open your shell with what `devtool env` prints, over all that its start-up files do.

    `exit` leaves it, and nothing outside has changed. DEVTOOL_SHELL holds the
    checkout while it lasts, for your prompt.

    Exit status: the shell's or the command's own; 127 not found, 126 cannot be started.
    """
    from devtool.render.environment import troubles
    from devtool.workflows.equipping import equip
    from devtool.workflows.shells import evaluated, guess_shell, opening

    shell = guess_shell(system)
    if SHELL in system.env and not argv:
        hint = (
            f"leave it with `exit` first, or change it to this folder's needs: `{evaluated(shell.dialect)}`"
        )
        raise DevtoolError(f"this is a shell of `devtool shell` already, for `{system.env[SHELL]}`", hint)
    environment = equip(system)
    env = applied(system.env, changes(environment, system.env))
    for line in troubles(environment):
        system.console.note(f"devtool: {line}")
    if not argv:
        opened = opening(system, shell, {**env, SHELL: environment.root or system.cwd})
        argv, env = opened.argv, dict(opened.env)
        where = (
            f"for {environment.project} in `{environment.root}`"
            if environment.root
            else "outside any project"
        )
        system.console.note(f"devtool: {shell.name} {where}; `exit` leaves it")
        if not opened.survives:
            system.console.note(f"devtool: the start-up files of {shell.name} may change what was set")
    answer = system.process.become(argv, cwd=system.cwd, env=env)
    if answer.outcome == "absent":
        where = "does not exist" if "/" in argv[0] else "is not on PATH"
        system.console.note(f"devtool: `{argv[0]}` {where}")
        return _NOT_FOUND
    if answer.outcome == "refused":
        system.console.note(f"devtool: `{argv[0]}` cannot be started: {answer.stderr}")
        return _NOT_EXECUTABLE
    return answer.status or 0
