"""`devtool build`: the checkout, in its container or here, with its failure explained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from devtool.errors import EXIT_NOT_READY, InputError
from devtool.model.build import PLACES
from devtool.system import System

if TYPE_CHECKING:
    from devtool.model.build import BuildPlan, PlaceName

_ARGS = "devtool.build.args"
_EPILOG = """\b
Examples:
  devtool build                       what the project is built with: for Milvus `make`
  devtool build test-cpp              one target; `--list` shows them
  devtool build --in local            on this machine, with what `devtool env` sets
  devtool build milvus -- mode=Debug  further words for the command
  devtool build --dry-run             what would run where, with how many jobs, and why
  devtool build --cache redis://build-cache.example:6379
                                      share what is compiled with other machines
"""


class _Command(click.Command):
    """Keeps what stands behind `--` apart: it is no target of ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with what stands behind the first `--` put aside."""
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_ARGS] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command(cls=_Command, epilog=_EPILOG, options_metavar="[OPTIONS]", no_args_is_help=False)
@click.argument("target", required=False, metavar="[TARGET] [-- ARGS...]")
@click.option(
    "--in", "place", type=click.Choice(PLACES), help="Where to build; without it, by what is there."
)
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="How many jobs to start at once.")
@click.option("--cache", metavar="URL", help="Share what is compiled over redis://HOST or http://HOST.")
@click.option(
    "--sync",
    type=click.Choice(("rsync", "git", "none")),
    help="How the source gets to an engine that does not see it; kept for this checkout.",
)
@click.option("--list", "listing", is_flag=True, help="List the targets and leave.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and why, and leave.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Of `--list` and `--dry-run`.",
)
@click.option("--no-gate", "--force", "no_gate", is_flag=True, help="Build whatever the gates say.")
@click.option("--fail-fast", is_flag=True, help="End the build when a known fatal failure scrolls by.")
@click.option("--quiet", is_flag=True, help="Say nothing before and while it runs.")
@click.option("--client", is_flag=True, hidden=True)
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    place: PlaceName | None,
    jobs: int | None,
    cache: str | None,
    sync: str | None,
    listing: bool,
    dry_run: bool,
    form: str,
    no_gate: bool,
    fail_fast: bool,
    quiet: bool,
    client: bool,
) -> int:
    """Build TARGET of this checkout, and say why it failed.

    Without `--in` it is built in the dev container when that is up, else in a
    builder of its own when a Docker engine answers and the checkout describes
    a container, else on this machine. What that place needs is examined first.

    A cache that is shared is named by `--cache`, else by `DEVTOOL_CACHE`, else
    by `cache` below `[container]` in `devtool.toml`; it is left out, with a
    line, where it does not answer.

    Exit status: the build's own; 1 when a gate failed or --fail-fast ended it, 2 bad input.
    """
    if client:
        from devtool.workflows.building.client import carry_out

        return carry_out(ctx.obj)
    from devtool.render.build import render_plan, render_targets
    from devtool.workflows.building.planning import Request, prepare, root_of, what

    if form == "json" and not (listing or dry_run):
        raise InputError("a build has no `json` format", "`--format json` goes with `--list` and `--dry-run`")
    console = ctx.obj.console
    system: System = replace(ctx.obj, cwd=root_of(ctx.obj))
    if listing:
        project = what(system)
        console.result(render_targets(project.project, project.targets, form, console.width))
        return 0
    if sync is not None:
        from devtool.workflows.synchronising.placing import keep

        system = keep(system, system.cwd, sync)
    prepared = prepare(system, Request(target, place, jobs, cache, ctx.meta[_ARGS]))
    if dry_run:
        console.result(render_plan(prepared.plan, form, colour=console.colour, width=console.width))
        return 0
    if not _through(system, prepared.plan, no_gate, quiet):
        return EXIT_NOT_READY
    from devtool.commands.run import tell
    from devtool.workflows.building.performing import perform

    ran = perform(system, prepared, announce=not quiet, fail_fast=fail_fast)
    tell(system, ran, prepared.plan.argv[0], quiet)
    return ran.exit_status


def _through(system: System, plan: BuildPlan, no_gate: bool, quiet: bool) -> bool:
    """Say what is about to happen; whether the gates let it."""
    from devtool.render.build import beginning, gate_lines, stopped

    console = system.console
    if not quiet:
        console.note(f"devtool: {beginning(plan)}")
    closed = plan.gates.count("failure") > 0 and not no_gate
    severities = ("failure", "unknown", "warning") if closed else ("failure", "warning")
    if closed or not quiet:
        for line in gate_lines(plan.gates, severities, console.colour, console.width):
            console.note(line)
    if closed:
        console.note(stopped(plan.gates, console.colour))
    return not closed
