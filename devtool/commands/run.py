"""`devtool run`: a command of the person's own, watched and explained."""

from __future__ import annotations

from dataclasses import replace

import click

from devtool.system import System
from devtool.workflows.running import Ran, run

_EPILOG = """\b
Examples:
  devtool run -- make -j4                   as `make -j4`, with the cause and cure at the end if it fails
  devtool run --fail-fast -- make           stop at the first failure that is known to be fatal
  devtool run make milvus 2>&1 | tee log    output, pipes and Ctrl-C work as without it
"""


@click.command(epilog=_EPILOG, context_settings={"allow_interspersed_args": False})
@click.option("--fail-fast", is_flag=True, help="End the command when a known fatal failure scrolls by.")
@click.option("--quiet", is_flag=True, help="Announce nothing while it runs, and do not name the log.")
@click.argument("argv", metavar="[--] COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def command(system: System, fail_fast: bool, quiet: bool, argv: tuple[str, ...]) -> int:
    """Run COMMAND on this terminal, keep its log, and say why it failed.

    Exit status: the command's own, 128 and the signal's number if one ended it; 127 not found,
    126 cannot be started; 1 ended by --fail-fast.
    """
    ran = run(system, argv, announce=not quiet, fail_fast=fail_fast)
    tell(system, ran, argv[0], quiet)
    return ran.exit_status


def tell(system: System, ran: Ran, program: str, quiet: bool) -> None:
    """Say why it could not be started, or what its log says of its failure."""
    followed, note = ran.followed, system.console.note
    if followed.outcome == "absent":
        where = "does not exist" if "/" in program else "is not on PATH"
        note(f"devtool: `{program}` {where}")
        return
    if followed.outcome == "refused":
        note(f"devtool: `{program}` cannot be started: {followed.reason}")
        return
    lines = []
    if ran.diagnosis is not None and (ran.diagnosis.findings or ran.diagnosis.unrecognised):
        from devtool.render.diagnosis import render

        # Who builds meets errors of their own code all day; one hint at `learn` is enough.
        told = replace(ran.diagnosis, template=None)
        lines.append(render(told, "text", colour=system.console.colour, width=system.console.width))
    lost = f"its output cannot be written: {followed.unwritten}" if followed.unwritten else ""
    said = filter(None, (ran.trouble, ran.place, ran.memory, ran.disk, lost, followed.log_trouble))
    lines += [f"devtool: {each}" for each in said]
    if ran.exit_status != 0 and followed.log_path and not followed.reader_gone and not quiet:
        whole = "" if followed.log_trouble else "full "
        lines.append(f"devtool: the {whole}log is `{followed.log_path}`")
    if lines and followed.open_line:
        note("")
    for line in lines:
        note(line)
