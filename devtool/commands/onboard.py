"""`devtool onboard`: the whole way in one command."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.model.journey import Step
from devtool.render.journey import journey_json, render_journey, render_step
from devtool.system import System
from devtool.workflows.onboarding import Options, onboard
from devtool.workflows.supplying import supplied
from devtool.workflows.testing import LEVELS

_EPILOG = """\b
Examples:
  devtool onboard              ask before repairs
  devtool onboard --yes        make every repair without asking
  devtool onboard --dry-run    look, and change nothing
  devtool onboard --keep       leave Milvus running at the end
"""


@click.command(epilog=_EPILOG)
@click.option("--yes", is_flag=True, help="Make the repairs without asking.")
@click.option("--dry-run", is_flag=True, help="Look and show what would be done; change and start nothing.")
@click.option("--keep", is_flag=True, help="Leave Milvus running at the end.")
@click.option(
    "--level",
    type=click.Choice(tuple(LEVELS)),
    default="L1",
    show_default=True,
    help="Of the smoke suite: L0 is the path every user walks, L1 goes beyond it and takes a minute.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, yes: bool, dry_run: bool, keep: bool, level: str, form: str) -> int:
    """Go from this machine to a green end-to-end run against a real Milvus, without Docker.

    Examines the machine for the checkout it stands in (or for none), offers
    repairs, starts Milvus, proves it, stops it again, and says what to do next.
    A second run reuses what stands.

    Exit status: 0 the end-to-end run passed (or the dry run ended), 1 it did
    not, 2 bad input.
    """
    console = system.console

    def announce(step: Step) -> None:
        console.note(render_step(step, console.colour, min(console.width, 100)))

    system, mirrors = supplied(system)
    for mirror in mirrors:
        console.note(mirror.line)
    journey = onboard(system, Options(yes, dry_run, keep, level), announce)
    if form == "json":
        console.result(journey_json(journey))
    else:
        console.result(render_journey(journey, console.colour, min(console.width, 100)))
    return EXIT_READY if journey.green or dry_run else EXIT_NOT_READY
