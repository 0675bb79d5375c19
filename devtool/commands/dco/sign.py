"""`devtool dco sign`: the newest commit gets its sign-off."""

from __future__ import annotations

from typing import cast

import click

from devtool.commands.dco.repair import settle
from devtool.model.commit import STANDARDS, Standard
from devtool.render.rewriting import FORMS
from devtool.system import System
from devtool.workflows.signing.checking import Request


@click.command()
@click.option(
    "--rule",
    "standard",
    type=click.Choice(STANDARDS),
    default="github",
    show_default=True,
    help="What counts, as for `devtool dco check`.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Rewrite a pushed, shared or cryptographically signed commit too."
)
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.pass_obj
def command(system: System, standard: str, dry_run: bool, yes: bool, force: bool, form: str) -> int:
    """Give the newest commit its sign-off, where it is yours and lacks one.

    As `devtool dco repair` does, and refusing what that refuses; a merge is
    signed too. `git commit --amend -s --no-edit` would also take in what is
    staged, and run hooks.

    Exit status: 0 it has its sign-off, 1 it has not, 2 bad input.
    """
    from devtool.workflows.signing.rewriting import look_at_head

    prospect = look_at_head(system, Request(None, cast(Standard, standard)))
    return settle(system, prospect, dry_run=dry_run, yes=yes, force=force, form=form)
