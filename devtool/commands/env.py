"""`devtool env`: what the build of this checkout needs in its environment."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.model.environment import changes, taken_back
from devtool.system import System

_EPILOG = """\b
Examples:
  eval "$(devtool env)"            set it in this shell (bash, zsh, sh)
  devtool env | source             the same in fish
  eval "$(devtool env --unset)"    take it back
  devtool env --why                read what it would set, and for what reason
  devtool env --shell json         for editors and programs
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--shell",
    "dialect",
    type=click.Choice(("bash", "zsh", "fish", "sh", "json")),
    help="What to print; without it, what the shell that asks understands.",
)
@click.option("--why", is_flag=True, help="Show each variable with its reason, to read and not to evaluate.")
@click.option("--unset", is_flag=True, help="Print what takes back an earlier `devtool env`.")
@click.pass_obj
def command(system: System, dialect: str | None, why: bool, unset: bool) -> None:
    """Print what the build needs for this machine and checkout, for a shell to evaluate.

    The shims of devtool's tools and what the build calls come first on PATH;
    the rest is what the checkout's own script would set here. That script is
    read, never run. Nothing that is set twice changes anything, the person's
    own folders stay, and in another checkout this one's variables go.
    """
    from devtool.render.environment import code, environment_json, environment_text, troubles

    if unset and (why or dialect == "json"):
        raise InputError("`--unset` prints code for a shell alone", "leave out `--why` and `--shell json`")
    if unset:
        system.console.code(code(taken_back(system.env), dialect or _guessed(system)))
        return
    from devtool.workflows.equipping import equip

    environment = equip(system)
    changed = changes(environment, system.env)
    if dialect == "json":
        system.console.code(environment_json(environment, changed))
        return
    if why:
        system.console.result(environment_text(environment, system.console.width, system.console.colour))
        return
    system.console.code(code(changed, dialect or _guessed(system)))
    for line in troubles(environment):
        system.console.note(f"devtool: {line}")


def _guessed(system: System) -> str:
    from devtool.workflows.shells import guess_shell

    shell = guess_shell(system)
    if shell.dialect is None:
        hint = "`devtool env --shell json` gives the same to programs; `--shell sh` to any POSIX shell"
        raise InputError(f"`{shell.name}` is not a shell that devtool speaks", hint)
    return shell.dialect
