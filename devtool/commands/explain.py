"""`devtool explain`: what a check or a failure means, offline."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, DevtoolError, InputError
from devtool.render.catalogue import render_catalogue, render_explanation, render_found
from devtool.system import System
from devtool.workflows.explaining import page, search, topics

_EPILOG = """\b
Examples:
  devtool explain                            every id with its title
  devtool explain conan                      one page
  devtool explain --search linker macos      pages that say both words
  devtool explain --search "go: not found"   the page of a line of a log
"""


@click.command(epilog=_EPILOG)
@click.argument("words", nargs=-1, metavar="[ID | --search WORD...]")
@click.option("--search", "searching", is_flag=True, help="List what all of the words are said of.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, words: tuple[str, ...], searching: bool, form: str) -> int:
    """Say what the check, failure or rule ID means, why it matters and how to cure it by hand.

    Checks look at this machine (`devtool doctor`), failures are seen in logs
    (`devtool diagnose`), rules are kept by commits (`devtool dco`) and pull
    requests (`devtool pr`). Without an ID, list all.

    Exit status: 0 found, 1 nothing found, 2 no such id.
    """
    if searching:
        return _search(system, words, form)
    if len(words) > 1:
        raise InputError("only one id can be explained at a time", "`devtool explain --search` takes words")
    if words:
        shown = render_explanation(page(system, words[0]), form, system.console.width)
    else:
        shown = render_catalogue(topics(system), form, system.console.width)
    system.console.result(shown)
    return 0


def _search(system: System, words: tuple[str, ...], form: str) -> int:
    if not "".join(words).strip():
        raise InputError("`--search` needs words", "`devtool explain --search linker macos`")
    found = search(system, words)
    if form == "text" and not found:
        raise DevtoolError(f"nothing is known about `{' '.join(words)}`")
    system.console.result(render_found(words, found, form, system.console.width))
    return 0 if found else EXIT_NOT_READY
