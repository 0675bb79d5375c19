"""`devtool container up`: the dev container, running."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing
from devtool.commands.container.sending import SYNC, described

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

_ALL = "all"
_EPILOG = """\b
Examples:
  devtool container up                        only what people build in
  devtool container up --with etcd,minio      and these beside it, until they are healthy
  devtool container up --recreate             anew, from what the checkout says now
"""


@click.command(epilog=_EPILOG)
@choosing
@click.option(
    "--with", "services", metavar="NAMES", multiple=True, help="Further services, by commas, or `all`."
)
@click.option("--recreate", is_flag=True, help="Make it anew; refused while a program works inside.")
@click.option("--force", is_flag=True, help="With --recreate: whatever works inside.")
@click.option("--build", is_flag=True, help="Build the image from the checkout first.")
@SYNC
@click.option("--initialize", is_flag=True, help="Run the `initializeCommand` on this machine first.")
@click.pass_obj
def command(
    system: System,
    options: Options,
    services: tuple[str, ...],
    recreate: bool,
    force: bool,
    build: bool,
    sync: str | None,
    initialize: bool,
) -> int:
    """Have this checkout's dev container run; VS Code and `devcontainer` take the very same one.

    Made from the checkout's own Compose files or `devcontainer.json`, none of
    which is changed. One that is there is started or left as it is, whoever
    made it; where the checkout asks for another image or other settings by
    now, that is said. An image is fetched only where it is not here.

    A Milvus checkout's `initializeCommand` is not needed. Commands that are
    to run inside (`postCreateCommand` and the like) run once.

    On another machine's engine (`DOCKER_HOST`, docker's contexts) a volume
    takes the place of the checkout: see `devtool container sync --help`.
    """
    from devtool.adapters.engine.tunnel import reach
    from devtool.workflows.containers.standing import settle, standing

    system = reach(system)
    plain = not any((services, recreate, build, sync, initialize, *vars(options).values()))
    if plain and (known := standing(system)):
        system.console.result(f"`{known}` is up")
        return 0
    from devtool.workflows.containers.raising import up

    system, made = described(system, options, sync)
    names = [name for each in services for name in each.split(",") if name]
    if _ALL in names:
        names = [each.name for each in made.companions]
    container = up(
        system,
        made,
        with_services=names,
        recreate=recreate,
        force=force,
        build=build,
        initialize=initialize,
    )
    if plain:
        settle(system, made, container)
    system.console.result(f"`{container.name}` is up")
    return 0
