"""`devtool container down`: the dev container and its services, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options


@click.command()
@choosing
@click.option("--volumes", is_flag=True, help="Remove devtool's cache volumes of this checkout too.")
@click.pass_obj
def command(system: System, options: Options, volumes: bool) -> int:
    """Stop and remove this checkout's containers and networks.

    What lies in the checkout stays, and so do the volumes of its own Compose
    files. No other project's containers are touched.
    """
    from devtool.workflows.containers.configuring import blueprint
    from devtool.workflows.containers.lowering import down

    gone = down(system, blueprint(system, options), volumes=volumes)
    for line in gone.ended:
        system.console.note(f"ended with it: `{line}`")
    for line in gone.kept:
        system.console.note(line)
    named = [f"`{name}`" for name in (*gone.containers, *gone.networks, *gone.volumes)]
    system.console.result(f"removed {', '.join(named)}" if named else "nothing is up: nothing to do")
    return 0
