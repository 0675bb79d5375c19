"""`devtool dco check`: which commits lack a sign-off, and what mends them."""

from __future__ import annotations

from typing import cast

import click

from devtool.model.commit import STANDARDS, Standard
from devtool.render import FORMATS
from devtool.render.dco import render
from devtool.system import System
from devtool.workflows.signing.checking import Request, check

_EPILOG = """\b
Examples:
  devtool dco check                              what this branch adds to its upstream
  devtool dco check --range origin/master..HEAD  what a pull request would carry
  devtool dco check --history                    everything that was ever merged
  devtool dco check --format github              in GitHub Actions, with annotations
"""


@click.command(epilog=_EPILOG)
@click.option("--range", "given", metavar="A..B", help="The commits that B reaches and A does not.")
@click.option(
    "--rule",
    "standard",
    type=click.Choice(STANDARDS),
    default="github",
    show_default=True,
    help="What counts: see above.",
)
@click.option(
    "--history", is_flag=True, help="A sign-off has only to be there, whoever's; for merged history."
)
@click.option("--config", metavar="FILE", help="Read FILE in place of the base's `.github/dco.yml`.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(
    system: System, given: str | None, standard: str, history: bool, config: str | None, form: str
) -> int:
    """Say which commits lack a sign-off, and what mends them.

    Without a range: in CI the commits that the service says the run is about
    (GitHub Actions, GitLab, Jenkins, Azure, CircleCI, Buildkite, Prow), else
    those that this branch adds to its upstream. With `--history` alone: all.

    Rules: `github` is the DCO app's, a line anywhere in the message that
    names author or committer; for `trailer` it has to stand in the last
    paragraph; for `strict` there, and name the author. Merges and bots are
    exempt. What `.github/dco.yml` of the range's base allows holds for `github`;
    of a branch that was pushed before, what that of the default branch allows.

    Exit status: 0 all signed, 1 some are not, 2 commits are missing here or
    cannot be told. `devtool explain sign-off-missing` says more.
    """
    console = system.console
    with console.progress("reading commits"):
        report = check(system, Request(given, cast(Standard, standard), history, config))
    console.result(render(report, form, colour=console.colour, width=console.width))
    return report.exit_status
