"""`devtool doctor`: hold this machine against what the checkout needs."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.model.report import Report
from devtool.render import FORMATS, render
from devtool.system import System
from devtool.workflows.examination import Selection, examine

_EPILOG = """\b
Examples:
  devtool doctor                         everything this checkout needs
  devtool doctor --only conan --only go  two checks
  devtool doctor --fix                   show the repairs, ask, make them
  devtool doctor --format json           for programs
"""


@click.command(epilog=_EPILOG)
@click.option("--only", multiple=True, metavar="ID", help="Make only this check; can be repeated.")
@click.option("--skip", multiple=True, metavar="ID", help="Leave this check out; can be repeated.")
@click.option("--list", "listing", is_flag=True, help="List the checks and leave.")
@click.option("--format", "form", type=click.Choice((*FORMATS, "lines")), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Take warnings for failures.")
@click.option("--no-cache", is_flag=True, help="Ask every tool again.")
@click.option("--fix", is_flag=True, help="Show the repairs, ask, make them, and look again.")
@click.option("--yes", is_flag=True, help="With --fix: do not ask.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the repairs and stop.")
@click.pass_obj
def command(
    system: System,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    listing: bool,
    form: str,
    strict: bool,
    no_cache: bool,
    fix: bool,
    yes: bool,
    dry_run: bool,
) -> int:
    """Find what is wrong on this machine for this checkout, and repair it.

    Exit status: 0 ready, 1 not ready, 2 bad input.
    """
    if (yes or dry_run) and not fix:
        raise InputError(
            "`--yes` and `--dry-run` go with `--fix`", "`devtool doctor --fix --dry-run` changes nothing"
        )
    # A verdict from before knows neither packages nor lists that came since.
    selection = Selection(_split(only), _split(skip), strict, not (no_cache or fix))
    if listing:
        return _list(system, selection, form)
    if fix:
        from devtool.workflows.supplying import supplied

        system, mirrors = supplied(system)
        for mirror in mirrors:
            system.console.note(mirror.line)
    report = _examined(system, selection)
    if fix:
        from devtool.workflows.repairing import repair

        if form == "text":
            _show(system, report, form)
        report = repair(
            system, report, examine=lambda: _examined(system, selection), yes=yes, dry_run=dry_run
        )
        if form == "text":
            return report.exit_status
    _show(system, report, form)
    return report.exit_status


def _split(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Ids given one by one or with commas."""
    return tuple(one.strip() for each in ids for one in each.split(",") if one.strip())


def _examined(system: System, selection: Selection) -> Report:
    with system.console.progress("examining this machine"):
        return examine(system, selection)


def _show(system: System, report: Report, form: str) -> None:
    console = system.console
    console.result(render(report, form, colour=console.colour, width=console.width))


def _list(system: System, selection: Selection, form: str) -> int:
    from devtool.checks import IDS, checks
    from devtool.render.catalogue import render_checks
    from devtool.workflows.examination import select

    if form not in ("text", "json"):
        raise InputError(
            f"the list of checks has no `{form}` format", "use `--format text` or `--format json`"
        )
    rows = [(check.id, check.gates, check.title) for check in checks(select(IDS, selection))]
    system.console.result(render_checks(rows, form))
    return 0
