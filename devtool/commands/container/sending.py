"""The option that says how the source gets to an engine that does not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from devtool.model.container import Blueprint
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

SYNC = click.option(
    "--sync",
    type=click.Choice(("rsync", "git", "none")),
    help="How the source gets to an engine that does not see it; kept for this checkout.",
)


def described(system: System, options: Options, sync: str | None) -> Blueprint:
    """What the checkout says of its dev container, on the engine as it is to be reached."""
    from devtool.workflows.containers.configuring import blueprint

    made = blueprint(system, options)
    if sync is None:
        return made
    from devtool.workflows.synchronising.placing import keep

    keep(system, made.checkout, sync)
    return blueprint(system, options)
