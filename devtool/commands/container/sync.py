"""`devtool container sync`: the source, in the dev container of an engine that does not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing
from devtool.commands.container.sending import SYNC

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

_EPILOG = """\b
Examples:
  devtool container sync                       what is new and what is gone
  devtool container exec -- tar -c bin | tar -x     bring what was built there here
"""


@click.command(epilog=_EPILOG, context_settings={"allow_interspersed_args": False})
@choosing
@SYNC
@click.option("--all", "anew", is_flag=True, help="Send everything again, over what was changed in the copy.")
@click.option("--client", is_flag=True, hidden=True)
@click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.pass_obj
def command(
    system: System, options: Options, sync: str | None, anew: bool, client: bool, argv: tuple[str, ...]
) -> int:
    """Bring the copy of this checkout in its dev container up to date.

    Needed only where the engine is another machine's: it cannot see your
    files, so a volume there holds a copy. `up` and `build` do the same before
    they begin. What git ignores is not sent and stays as it is in the copy;
    what you delete here is deleted there. Commits come along, and nothing in
    your checkout is changed.
    """
    from devtool.workflows.synchronising.stream import carry_out

    if client:
        return carry_out(system, argv)
    if argv:
        raise click.UsageError(f"unexpected argument `{argv[0]}`")
    from devtool.adapters.engine.api import connect
    from devtool.commands.container.sending import described
    from devtool.errors import DevtoolError
    from devtool.workflows.containers.raising import current
    from devtool.workflows.synchronising.placing import source_volume
    from devtool.workflows.synchronising.sending import synchronise

    system, made = described(system, options, sync)
    if source_volume(made) is None:
        system.console.result("the engine sees this checkout: nothing to send")
        return 0
    container = current(system, made)
    if container is None or not container.running:
        raise DevtoolError(f"the dev container of `{made.checkout}` is not up", "`devtool container up`")
    synchronise(system, connect(system), container, made, anew=anew)
    return 0
