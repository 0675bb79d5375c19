"""`devtool dco repair`: the person's own commits get the sign-offs that they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from devtool.errors import EXIT_NOT_READY
from devtool.model.commit import STANDARDS, Standard
from devtool.render.rewriting import FORMS, render
from devtool.system import System
from devtool.workflows.signing.checking import Request

if TYPE_CHECKING:
    from devtool.workflows.signing.rewriting import Prospect

_EPILOG = """\b
Examples:
  devtool dco repair --dry-run                    what would change, with the new ids
  devtool dco repair                              show it, ask, do it
  devtool dco repair --range origin/master..HEAD  what a pull request carries
  devtool undo                                    back to the commits from before
"""


@click.command(epilog=_EPILOG)
@click.option("--range", "given", metavar="A..B", help="The commits that B reaches and A does not.")
@click.option(
    "--rule",
    "standard",
    type=click.Choice(STANDARDS),
    default="github",
    show_default=True,
    help="What counts, as for `devtool dco check`.",
)
@click.option("--config", metavar="FILE", help="Read FILE in place of the base's `.github/dco.yml`.")
@click.option("--dry-run", is_flag=True, help="Show what would change and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Rewrite pushed, shared and cryptographically signed commits too."
)
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.pass_obj
def command(
    system: System,
    given: str | None,
    standard: str,
    config: str | None,
    dry_run: bool,
    yes: bool,
    force: bool,
    form: str,
) -> int:
    """Give your own commits the sign-offs that they lack.

    Only the line is added, last among the trailers. Files, authors, dates,
    merges and order stay, and so does every other byte; neither the work tree
    nor the index is touched. What follows on a changed commit gets another id.
    Yours are the commits whose author has your `user.email`. For others
    nothing is signed: where the base's `.github/dco.yml` allows it a
    remediation commit is added, else what to ask them for is printed.

    Without `--force` it refuses what is pushed, what other branches or tags
    have too, branches such as `main`, and to drop a cryptographic signature
    unless you agree. The commits from before stay under `refs/devtool/backup/`.

    Exit status: 0 all have theirs, 1 some are left or nothing was changed,
    2 bad input.
    """
    from devtool.workflows.signing.rewriting import look_at_range

    with system.console.progress("reading commits"):
        prospect = look_at_range(system, Request(given, cast(Standard, standard), config=config))
    return settle(system, prospect, dry_run=dry_run, yes=yes, force=force, form=form)


def settle(system: System, prospect: Prospect, *, dry_run: bool, yes: bool, force: bool, form: str) -> int:
    """Show what would change, ask, and do it; the exit status."""
    from devtool.workflows.signing.consenting import agreed, see_free
    from devtool.workflows.signing.rewriting import carry_out

    console, rewriting = system.console, prospect.rewriting
    if dry_run or not rewriting.changes:
        console.result(render(rewriting, form, colour=console.colour, width=console.width))
        return rewriting.exit_status
    see_free(rewriting, force=force)
    if console.interactive and form == "text":
        for line in [*render(rewriting, "text", width=console.width).split("\n"), ""]:
            console.note(line)
    if not agreed(system, rewriting, yes=yes, force=force):
        console.note("nothing was changed: you said no")
        return EXIT_NOT_READY
    with console.progress("writing commits"):
        rewriting = carry_out(system, prospect)
    console.result(render(rewriting, form, colour=console.colour, width=console.width))
    return rewriting.exit_status
