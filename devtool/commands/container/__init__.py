"""`devtool container`: the dev container, brought up, worked in and taken down."""

from __future__ import annotations

import click

from devtool.commands import Entry, Table

_MAKING, _WORKING, _DESCRIBING = "Up and down", "Work inside", "What it is"
_TABLE = {
    "up": Entry(_MAKING, "Have it run: find, start or make it."),
    "down": Entry(_MAKING, "Stop and remove it and its services."),
    "ps": Entry(_MAKING, "List what runs."),
    "logs": Entry(_MAKING, "Print what a container has printed."),
    "exec": Entry(_WORKING, "Run a command inside, and end it when you go."),
    "shell": Entry(_WORKING, "Open a shell inside."),
    "sync": Entry(_WORKING, "Send the source to an engine that does not see it."),
    "config": Entry(_DESCRIBING, "Show what the checkout says of its dev container."),
    "init": Entry(_DESCRIBING, "Write a dev container for a project that has none."),
}
_EPILOG = """\b
Examples:
  devtool container up                   have it run
  devtool container exec -- make -j4     run a command inside
  devtool container shell                open a shell inside
"""


@click.command(cls=Table, package=__name__, table=_TABLE, epilog=_EPILOG)
def command() -> None:
    """Work in the dev container that this checkout describes."""
