"""`devtool container logs`: what a container printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing
from devtool.errors import DevtoolError

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

_EPILOG = """\b
Examples:
  devtool container logs etcd -n 100     the end of what etcd printed
  devtool container logs minio -f        and what it prints from now on
"""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="[SERVICE]", required=False)
@choosing
@click.option("-f", "--follow", is_flag=True, help="Go on until interrupted.")
@click.option("-n", "--lines", type=click.IntRange(0), metavar="N", help="Only the last N lines.")
@click.pass_obj
def command(system: System, options: Options, name: str | None, follow: bool, lines: int | None) -> int:
    """Print what SERVICE of this checkout has printed; without one, the dev container."""
    from devtool.adapters.engine.tunnel import reach
    from devtool.workflows.containers.configuring import blueprint
    from devtool.workflows.containers.listing import find

    system = reach(system)
    container = find(system, blueprint(system, options), name)
    argv = ["docker", "logs", *(["--follow"] if follow else [])]
    argv += ["--tail", str(lines)] if lines is not None else []
    answer = system.process.become([*argv, container.id], cwd="/", env=system.env)
    raise DevtoolError(f"cannot run `docker logs`: {answer.describe()}")
