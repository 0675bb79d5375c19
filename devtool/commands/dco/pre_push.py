"""`devtool dco pre-push`: the rule as a pre-push hook."""

from __future__ import annotations

from typing import cast

import click

from devtool.model.commit import STANDARDS, Standard
from devtool.system import System


@click.command()
@click.argument("remote", required=False)
@click.argument("url", required=False)
@click.option(
    "--rule",
    "standard",
    type=click.Choice(STANDARDS),
    default="github",
    show_default=True,
    help="What counts, as for `devtool dco check`.",
)
@click.pass_obj
def command(system: System, remote: str | None, url: str | None, standard: str) -> int:
    """Refuse a push of commits that lack their sign-off.

    For git's pre-push hook, which names REMOTE and URL, and for pre-commit,
    which says in the environment what is pushed. Only commits are looked at
    that no remote-tracking branch has. Started by hand it does what
    `devtool dco check` does.

    Exit status: 0 all signed, 1 some are not, 2 commits are missing here.
    """
    from devtool.render.dco import render
    from devtool.workflows.signing.pushing import check_pushed, find_pushed, read_pushed

    console = system.console
    pushed = read_pushed(system) if remote is not None else find_pushed(system)
    status = 0
    for report in check_pushed(system, pushed, cast(Standard, standard)):
        status = max(status, report.exit_status)
        if report.exit_status or pushed is None:
            console.result(render(report, "text", colour=console.colour, width=console.width))
    return status
