"""`devtool container`: the dev container, brought up, worked in and taken down.

As in `devtool.cli`, a command's module is imported when it is called, never to
list it: `container exec` is to cost little more than `docker exec`.
"""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "up": "Have it run: find, start or make it.",
    "down": "Stop and remove it and its services.",
    "ps": "List what runs.",
    "logs": "Print what a container has printed.",
    "config": "Show what the checkout says of its dev container.",
    "init": "Write a dev container for a project that has none.",
    "exec": "Run a command inside, and end it when you go.",
    "shell": "Open a shell inside.",
}

_EPILOG = """\b
Examples:
  devtool container up                   have it run
  devtool container exec -- make -j4     run a command inside
  devtool container shell                open a shell inside
"""


class _Table(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"devtool.commands.container.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()), col_max=16)


@click.command(cls=_Table, epilog=_EPILOG)
def command() -> None:
    """Work in the dev container that this checkout describes."""
