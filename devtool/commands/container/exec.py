"""`devtool container exec`: a command in the dev container, with its own exit status."""

from __future__ import annotations

import click

from devtool.system import System
from devtool.workflows.containers.entering import Errand, enter

_EPILOG = """\b
Examples:
  devtool container exec -- make milvus            as on this machine: status, streams, Ctrl-C
  devtool container exec -e GOFLAGS=-v -- go test ./pkg/...
  tar -c data | devtool container exec -i -- tar -x -C /tmp
"""


@click.command(epilog=_EPILOG, context_settings={"allow_interspersed_args": False})
@click.option(
    "-i", "--stdin", "stdin", is_flag=True, help="Give it standard input; a terminal is given anyway."
)
@click.option("-T", "--no-tty", is_flag=True, help="Give it no terminal, even from one.")
@click.option("-u", "--user", metavar="USER", help="As NAME or UID:GID instead of as you.")
@click.option("-w", "--workdir", metavar="DIR", help="In this folder of the container.")
@click.option("-e", "--env", "variables", metavar="NAME=VALUE", multiple=True, help="Set a variable inside.")
@click.option("--service", metavar="NAME", help="In this service instead of the one people build in.")
@click.option("--cache", metavar="URL", help="Share what ccache compiles: redis://HOST or http://HOST.")
@click.argument("argv", metavar="[--] COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def command(
    system: System,
    stdin: bool,
    no_tty: bool,
    user: str | None,
    workdir: str | None,
    variables: tuple[str, ...],
    service: str | None,
    cache: str | None,
    argv: tuple[str, ...],
) -> int:
    """Run COMMAND in the dev container, which must be up, as you and in the folder you are in.

    When you press Ctrl-C, close the terminal or kill this process, what runs
    inside ends within a second; `docker exec` would leave it running.

    Exit status: the command's own, 128 and the signal's number if one ended
    it; 127 not found, 126 cannot be started; 1 the container is not up.
    """
    errand = Errand(
        argv,
        terminal=not no_tty,
        input=stdin,
        user=user,
        workdir=workdir,
        variables=variables,
        service=service,
        cache=cache,
    )
    return enter(system, errand)
