"""`devtool host`: show what this machine is."""

from __future__ import annotations

import click

from devtool.detect import detect
from devtool.render.host import render_host
from devtool.system import System

_EPILOG = """\b
Examples:
  devtool host                 what a build would care about
  devtool host --format json   for programs; null means "could not be told"
"""


@click.command(epilog=_EPILOG)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, form: str) -> None:
    """Show what this machine is: system, processor, limits, space, package managers."""
    system.console.result(render_host(detect(system, system.cwd), form))
