"""`devtool diagnose`: name the failure in a log, and its cure."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.render import FORMATS
from devtool.render.diagnosis import render
from devtool.system import System
from devtool.workflows.diagnosing import STDIN, diagnose

_EPILOG = """\b
Examples:
  devtool diagnose build.log           what failed, why, and the cure
  make 2>&1 | devtool diagnose         the same, from a pipe
  devtool diagnose --here build.log    held against this machine and checkout
  devtool diagnose *.log.gz --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("logs", nargs=-1, metavar="[LOG|-]...")
@click.option("--here", is_flag=True, help="Confirm on this machine, and choose cures for this checkout.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(system: System, logs: tuple[str, ...], here: bool, form: str) -> int:
    """Name the known failures in build, test or server logs, the root cause first.

    Reads plain, gzipped and UTF-16 files, and logs of GitHub Actions, Jenkins
    and docker compose. Without LOG, or for `-`, standard input is read.

    Exit status: 0 no known failure, 1 a known failure was recognised, 2 bad input.
    """
    console = system.console
    if not logs and console.awaits_typing:
        raise InputError("no log was given", "name one, or pipe one in: `make 2>&1 | devtool diagnose`")
    if logs.count(STDIN) > 1:
        raise InputError("`-` can be given once: standard input can be read once")
    sources = tuple(dict.fromkeys(logs)) or (STDIN,)
    with console.progress("reading"):
        diagnosis = diagnose(system, sources, here)
    console.result(render(diagnosis, form, colour=console.colour, width=console.width))
    return diagnosis.exit_status
