"""`devtool explain`: what a check means, offline."""

from __future__ import annotations

import click

from devtool.checks import IDS, checks
from devtool.checks.pages import explanation
from devtool.errors import InputError
from devtool.render.catalogue import render_checks, render_explanation
from devtool.system import System
from devtool.workflows.examination import unknown_id

_EPILOG = """\b
Examples:
  devtool explain          every id with its title
  devtool explain conan    one page
"""


@click.command(epilog=_EPILOG)
@click.argument("id", required=False)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, id: str | None, form: str) -> int:  # noqa: A002  # the argument's name in --help
    """Say what the check ID means, why it matters and how to cure it by hand."""
    if id is None:
        rows = [(check.id, check.gates, check.title) for check in checks()]
        system.console.result(render_checks(rows, form))
        return 0
    if id not in IDS:
        raise unknown_id(id, IDS)
    page = explanation(id)
    if page is None:
        raise InputError(f"nothing is written about `{id}`", "this is a gap in devtool: open an issue")
    system.console.result(render_explanation(page, form, system.console.width))
    return 0
