"""`devtool undo`: take back what a repair did."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY, DevtoolError, InputError
from devtool.model.wrapping import folded, plain
from devtool.remedies.journal import Journal
from devtool.remedies.undoing import Return, choose, hint_of_older, in_one_sudo, take_back, way_back
from devtool.render.fixes import render_fixes
from devtool.render.layout import measure, rows_of
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
def command(system: System, fix_id: int | None, listing: bool, dry_run: bool, form: str) -> int:
    """Take back a repair: the newest, or the one with this ID.

    Files get back the bytes they had. Refused where something has changed since.
    What was never done is passed over. What needs root, where root cannot be
    had, is left to you as one command, and the next `devtool undo` goes on to
    older fixes.

    Exit status: 0 taken back, 1 refused or something left to root, 2 bad input.
    """
    journal = Journal(system)
    if listing:
        if fix_id is not None:
            raise InputError("`--list` shows every fix and takes no ID", "devtool undo --list")
        system.console.result(render_fixes(journal.all(), form, system.console.width))
        return EXIT_READY
    if form != "text":
        raise InputError("`--format` goes with `--list`", "devtool undo --list --format json")
    if dry_run:
        way = _way(system, journal, fix_id)
        for line in _planned(way, measure(system.console.width)):
            system.console.result(line)
        return EXIT_READY
    with journal.lock():
        way = _way(system, journal, fix_id)
        for step in way.steps:
            system.console.note(step.line)
        complaints, as_root = take_back(system, journal, way)
    number, width = way.fix.id, measure(system.console.width)
    stays = (f"this stays: {command}" for command in way.left)
    for line in (*complaints, *stays, *_passed("passed over", way, width)):
        system.console.note(line)
    if as_root is not None:
        for line in _left_to_root(as_root, width):
            system.console.note(line)
        system.console.result(f"fix {number} is taken back but for what needs root")
        return EXIT_NOT_READY
    system.console.result(f"fix {number} is taken back" if way.steps else f"fix {number} had changed nothing")
    return EXIT_READY


def _way(system: System, journal: Journal, fix_id: int | None) -> Return:
    """The way back from that fix; where the newest stands in the way, the older ones are named."""
    fix = choose(journal, fix_id)
    try:
        return way_back(system, journal, fix)
    except DevtoolError as error:
        older = hint_of_older(journal, fix) if fix_id is None else None
        if older and older != error.hint:
            error.hint = f"{error.hint}\n  {older}" if error.hint else older
        raise


def _planned(way: Return, width: int) -> list[str]:
    steps = [f"would take back fix {way.fix.id}: {step.line}" for step in way.steps]
    root = _left_to_root(in_one_sudo(way.rooted), width) if way.rooted else []
    planned = [*steps, *_passed("would pass over", way, width), *root]
    return planned or [f"would take back fix {way.fix.id}: nothing of it is in place"]


def _passed(lead: str, way: Return, width: int) -> list[str]:
    return [row for each in way.passed for row in rows_of(f"{lead}: {plain(each)}", width, 2)]


def _left_to_root(command: str, width: int) -> list[str]:
    return ["this needs root and is left to you:", *folded(command, width, "  ")]
