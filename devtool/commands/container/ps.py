"""`devtool container ps`: what runs for this checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.commands.container.choosing import choosing

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.workflows.containers.sources import Options


@click.command()
@choosing
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, options: Options, form: str) -> int:
    """List this checkout's containers, and say which is older than the checkout."""
    from devtool.render.listing import render_json, render_text
    from devtool.workflows.containers.configuring import blueprint
    from devtool.workflows.containers.listing import listing

    found = listing(system, blueprint(system, options))
    text = render_json(found) if form == "json" else render_text(found, colour=system.console.colour)
    system.console.result(text)
    return 0
