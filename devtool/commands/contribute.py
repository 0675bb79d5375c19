"""`devtool contribute`: where to help, by skill."""

from __future__ import annotations

import click

from devtool.model.contribution import SKILLS
from devtool.system import System

_EPILOG = """\b
Examples:
  devtool contribute
  devtool contribute --skill go
  devtool contribute --skill writing --format json
"""


@click.command(epilog=_EPILOG)
@click.option("--skill", type=click.Choice(SKILLS), help="What you are good at.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, skill: str | None, form: str) -> int:
    """Show where to help in Milvus and its family, by what you are good at.

    Each project with its guide, its issues and a first thing to do. The list
    travels with devtool: nothing is fetched.
    """
    from devtool.render.contribution import render_offer
    from devtool.workflows.offering import offer

    console = system.console
    console.result(render_offer(offer(skill), form, colour=console.colour, width=console.width))
    return 0
