"""`devtool dco`: sign-offs, as the DCO check of pull requests wants them."""

from __future__ import annotations

from importlib import import_module

import click

_TABLE = {
    "check": "Say which commits lack a sign-off, and what mends them.",
    "commit-msg": "Refuse one commit message without a sign-off: the hook.",
}


class _Table(click.Group):
    """A group that knows its commands' help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_TABLE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _TABLE:
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = import_module(f"devtool.commands.dco.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_TABLE.items()))


_EPILOG = """\b
Examples:
  devtool dco check                what this branch adds to its upstream
  devtool dco check --help         ranges, rules, CI services
"""


@click.group(cls=_Table, epilog=_EPILOG)
def command() -> None:
    """Hold commits against the Developer Certificate of Origin.

    The rule is that of the DCO app of GitHub, which Milvus and many other
    projects use: https://github.com/apps/dco
    """
