"""The table of commands, and how a command line is read.

A command's module is imported when it is called, never to list it: help lines
live here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from devtool import __version__


class Entry(NamedTuple):
    """One row of the table of commands."""

    section: str
    help: str


COMMANDS: dict[str, Entry] = {
    "onboard": Entry("Start here", "Go from this machine to a green end-to-end run."),
    "run": Entry("A failure", "Run a command, and say why it failed."),
    "diagnose": Entry("A failure", "Name the failure in a log, and its cure."),
    "learn": Entry("A failure", "Make a knowledge file from a log that nothing explains."),
    "doctor": Entry("This machine", "Find what is wrong for this checkout, and repair it."),
    "explain": Entry("This machine", "Say what a check, failure or rule means and how to cure it."),
    "undo": Entry("This machine", "Take back the newest repair."),
    "host": Entry("This machine", "Show what this machine is."),
    "requirements": Entry("This checkout", "Show what this checkout needs, and where it says so."),
    "setup": Entry("This checkout", "Install what this checkout needs."),
    "build": Entry("This checkout", "Build it, in its container or here, and say why it failed."),
    "env": Entry("This checkout", "Print what the build needs in its environment."),
    "shell": Entry("This checkout", "Open your shell, or run a command, with that environment."),
    "vscode": Entry("This checkout", "Set VS Code up for it: settings, tasks, debugging."),
    "container": Entry("This checkout", "Work in the checkout's dev container."),
    "deploy": Entry("Milvus", "Run a Milvus server on this machine."),
    "connect": Entry("Milvus", "Reach a Milvus layer by layer, and say why it cannot be reached."),
    "test": Entry("Milvus", "Run tests against a Milvus server."),
    "dco": Entry("A contribution", "Hold the sign-offs of commits against the DCO check's rule."),
    "pr": Entry("A contribution", "Know what the bots will say of this branch before the push."),
    "contribute": Entry("A contribution", "Show where to help, by what you are good at."),
}


class Table(click.Group):
    """A group that knows its commands' help without importing them."""

    def __init__(self, *args: Any, package: str, table: Mapping[str, Entry], **more: Any) -> None:
        super().__init__(*args, **more)
        self._package, self._table = package, table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self._table:
            return None
        module = import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name where there is none."""
        if args and args[0] not in self._table and not args[0].startswith("-"):
            from difflib import get_close_matches

            near, path = get_close_matches(args[0], self._table, n=1), ctx.command_path
            hint = f"did you mean `{path} {near[0]}`?" if near else f"`{path} --help` lists the commands"
            ctx.fail(f"no such command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table by section."""
        for section in dict.fromkeys(entry.section for entry in self._table.values()):
            rows = [(name, entry.help) for name, entry in self._table.items() if entry.section == section]
            with formatter.section(section):
                formatter.write_dl(rows, col_max=16)


@click.command(
    cls=Table,
    package=__name__,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 ready, 1 not ready, 2 bad input, 3 our own fault, 130 interrupted.",
)
@click.option("-C", "directory", metavar="DIR", help="Run as if started in DIR.")
@click.version_option(__version__, message="devtool %(version)s")
@click.pass_context
def group(ctx: click.Context, directory: str | None) -> None:
    """From a fresh machine to a first accepted contribution to Milvus."""
    if ctx.obj is None:
        from devtool.system import real_system

        ctx.obj = real_system(directory)
