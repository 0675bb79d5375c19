"""`devtool pr body`: the text of the pull request, to fill in."""

from __future__ import annotations

import click

from devtool.system import System
from devtool.workflows.submitting.writing import draft_body

_EPILOG = """\b
Examples:
  devtool pr body
  devtool pr body --base 2.6 --write /tmp/body.md
  devtool pr body | devtool pr check --body -
"""


@click.command(epilog=_EPILOG)
@click.option("--base", metavar="BRANCH", help="The branch that it is for.")
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--write", "target", metavar="FILE", help="Write it to FILE, which must not be there.")
@click.pass_obj
def command(system: System, base: str | None, title: str | None, target: str | None) -> int:
    """Print the text of the pull request, with all that is known filled in.

    It is made from the project's `.github/PULL_REQUEST_TEMPLATE.md` where the
    base has one: issues named by the branch or its commits, the design
    document, the pull request to the main branch that was cherry-picked, the
    commits, and what tests the files that changed. What is not known is left
    as a comment, and `devtool pr check --body FILE` names what is still missing.

    Exit status: 0 written, 1 FILE is there already, 2 bad input.
    """
    console = system.console
    with console.progress("reading the branch"):
        draft = draft_body(system, base, title, target)
    if draft.path:
        made = f" from `{draft.template}`" if draft.template else ""
        console.note(
            f"`{draft.path}` is written{made}: fill it in, then `devtool pr check --body {draft.path}`"
        )
    else:
        console.code(draft.text.removesuffix("\n"))
    return 0
