"""`devtool dco install`: the sign-off hooks of a checkout."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.render.setup import render_setup
from devtool.system import System

_EPILOG = """\b
Examples:
  devtool dco install                refuse a commit without its sign-off
  devtool dco install --prepare      and add yours to what you commit
  devtool dco install --pre-push     and refuse to push what lacks it
  devtool undo                       take it back
"""


@click.command(epilog=_EPILOG)
@click.option("--pre-push", "pushing", is_flag=True, help="Look at what is pushed, too.")
@click.option(
    "--prepare", "preparing", is_flag=True, help="Add your sign-off to your commits' messages, too."
)
@click.option("--dry-run", is_flag=True, help="Show what would be done and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(system: System, pushing: bool, preparing: bool, dry_run: bool, yes: bool) -> int:
    """Have git ask for the sign-off at each commit of this checkout.

    The commit-msg hook is the one of `devtool setup --hooks`. It is put where
    git looks for hooks (`core.hooksPath`, work trees and submodules included);
    a hook that is there stays and runs first.

    With `--prepare` your sign-off is added to what you commit, last among the
    trailers; never to a merge, to what somebody else wrote, or in a rebase.
    With `--pre-push` a push is refused where new commits lack theirs.

    Exit status: 0 installed, 1 not.
    """
    from devtool.workflows.hooking import NAMES, install_hooks, prepare_hooks

    wanted = dict(zip(NAMES, (True, preparing, pushing), strict=True))
    names = [name for name, is_wanted in wanted.items() if is_wanted]
    setup = prepare_hooks(system, names)
    if dry_run:
        system.console.result(render_setup(setup, "text", system.console.width))
        return EXIT_READY
    installed = install_hooks(system, setup, names, yes=yes)
    listed = ", ".join(names)
    is_are = "is" if len(names) == 1 else "are"
    system.console.result(f"{listed}: {is_are} installed" if installed else f"{listed}: not installed")
    return EXIT_READY if installed else EXIT_NOT_READY
