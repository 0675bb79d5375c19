"""`devtool deploy`: a Milvus server on this machine, without containers."""

from __future__ import annotations

import click

from devtool.model.deployment import Deployment
from devtool.render.deployment import render_json, render_text
from devtool.system import System
from devtool.workflows import deploying

_EPILOG = """\b
Examples:
  devtool deploy up                 start Milvus and wait until it answers
  devtool deploy up --name second   another one beside it, on other ports
  devtool deploy status             what runs, and where its things lie
  devtool deploy logs -n 100        the end of its log
  devtool deploy down               end it; its data stays
"""

_NAME = click.option("--name", default=deploying.DEFAULT_NAME, show_default=True, help="Which deployment.")
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


class _InOrderOfUse(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["up", "status", "logs", "down"]


@click.group(cls=_InOrderOfUse, epilog=_EPILOG)
def command() -> None:
    """Run a Milvus server on this machine."""


@command.command()
@_NAME
@click.option("--port", type=click.IntRange(1, 65535), help="Port for clients; 19530, or a free one near it.")
@click.option("--data", metavar="DIR", help="Folder for its data.")
@click.option(
    "--mode", type=click.Choice(["embedded", "lite"]), help="Kind of server; the fullest by default."
)
@_FORMAT
@click.pass_obj
def up(system: System, name: str, port: int | None, data: str | None, mode: str | None, form: str) -> int:
    """Start Milvus and wait until it answers.

    Nothing to do when it already does. It listens on every network interface, without a password.
    """
    from devtool.detect import detect
    from devtool.workflows.supplying import supplied

    system, _ = supplied(system)
    host = detect(system, system.cwd)
    deployment = deploying.up(system, host, name, port, data, mode)
    _show(system, (deployment,), form)
    own = "" if name == deploying.DEFAULT_NAME else f" --name {name}"
    system.console.note(f"next: `devtool test smoke --uri {deployment.uri}`, `devtool deploy down{own}`")
    return 0


@command.command()
@_NAME
@click.pass_obj
def down(system: System, name: str) -> int:
    """End Milvus and see that it is gone. Its data stays."""
    deployment = deploying.down(system, name)
    if deployment is None:
        system.console.result(f"`{name}` was never started: nothing to do")
    else:
        system.console.result(f"`{name}` is stopped; its data stays in `{deployment.data}`")
    return 0


@command.command()
@click.option("--name", help="Only this deployment.")
@_FORMAT
@click.pass_obj
def status(system: System, name: str | None, form: str) -> int:
    """Show every deployment. Exit status: 1 when one should run and does not serve."""
    found = deploying.status(system, name)
    _show(system, found, form)
    return max((deployment.exit_status for deployment in found), default=0)


@command.command()
@_NAME
@click.option("-n", "--lines", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def logs(system: System, name: str, lines: int) -> int:
    """Print the last lines of the server's log."""
    system.console.result(deploying.logs(system, name, lines))
    return 0


def _show(system: System, found: tuple[Deployment, ...], form: str) -> None:
    text = render_json(found) if form == "json" else render_text(found, colour=system.console.colour)
    system.console.result(text)
