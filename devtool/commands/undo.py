"""`devtool undo`: take back what a repair did."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.remedies.journal import Journal
from devtool.remedies.undoing import choose, take_back, way_back
from devtool.render.fixes import render_fixes
from devtool.system import System

_EPILOG = """\b
Examples:
  devtool undo            the newest fix
  devtool undo 3          another one
  devtool undo --list     what there is to take back
"""


@click.command(epilog=_EPILOG)
@click.argument("fix_id", metavar="[ID]", type=click.IntRange(min=1), required=False)
@click.option("--list", "listing", is_flag=True, help="List all fixes, newest first, and leave.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken back, and stop.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="With --list.")
@click.pass_obj
def command(system: System, fix_id: int | None, listing: bool, dry_run: bool, form: str) -> None:
    """Take back a repair: the newest, or the one with this ID.

    Files get back the bytes they had. Refused where something has changed since.

    Exit status: 0 taken back, 1 refused, 2 bad input.
    """
    journal = Journal(system)
    if listing:
        if fix_id is not None:
            raise InputError("`--list` shows every fix and takes no ID", "devtool undo --list")
        system.console.result(render_fixes(journal.all(), form))
        return
    if form != "text":
        raise InputError("`--format` goes with `--list`", "devtool undo --list --format json")
    if dry_run:
        fix = choose(journal, fix_id)
        way = way_back(system, journal, fix)
        for line in [step.line for step in way.steps] or ["nothing of it is in place"]:
            system.console.result(f"would take back fix {fix.id}: {line}")
        return
    with journal.lock():
        fix = choose(journal, fix_id)
        way = way_back(system, journal, fix)
        for step in way.steps:
            system.console.note(step.line)
        complaints = take_back(system, journal, way)
    for line in (*complaints, *(f"this stays: {command}" for command in way.left)):
        system.console.note(line)
    system.console.result(f"fix {fix.id} is taken back" if way.steps else f"fix {fix.id} had changed nothing")
