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


def described(system: System, options: Options, sync: str | None) -> tuple[System, Blueprint]:
    """What the checkout says of its dev container, and the doors to bring the source there by."""
    from devtool.workflows.containers.configuring import blueprint

    made = blueprint(system, options)
    if sync is None:
        return system, made
    from devtool.workflows.synchronising.placing import keep

    system = keep(system, made.checkout, sync)
    return system, blueprint(system, options)
