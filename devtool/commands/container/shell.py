"""`devtool container shell`: a shell in the dev container."""

from __future__ import annotations

import click

from devtool.system import System
from devtool.workflows.containers.entering import Errand, enter

_EPILOG = """\b
Examples:
  devtool container shell             your shell inside, in the folder you are in
  devtool container shell -u root     as root
"""
# What the person's entry in the container names, else the best there is.
_SHELL = """\
shell=$(command -v getent >/dev/null && getent passwd "$(id -u)" | cut -d: -f7)
[ -x "$shell" ] || shell=$(command -v bash || echo /bin/sh)
exec "$shell" -l
"""


@click.command(epilog=_EPILOG)
@click.option("-u", "--user", metavar="USER", help="As NAME or UID:GID instead of as you.")
@click.option("-w", "--workdir", metavar="DIR", help="In this folder of the container.")
@click.option("--service", metavar="NAME", help="In this service instead of the one people build in.")
@click.pass_obj
def command(system: System, user: str | None, workdir: str | None, service: str | None) -> int:
    """Open a shell in the dev container, which must be up.

    Without a terminal it reads commands from standard input.

    Exit status: the shell's own; 1 the container is not up.
    """
    argv = ("/bin/sh", "-c", _SHELL)
    errand = Errand(argv, terminal=True, input=True, user=user, workdir=workdir, service=service)
    return enter(system, errand)
