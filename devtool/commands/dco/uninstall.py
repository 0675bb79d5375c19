"""`devtool dco uninstall`: the sign-off hooks of a checkout, taken away."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.render.setup import render_setup
from devtool.system import System


@click.command()
@click.option("--pre-push", "pushing", is_flag=True, help="Only the hook that looks at what is pushed.")
@click.option("--prepare", "preparing", is_flag=True, help="Only the hook that adds your sign-off.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(system: System, pushing: bool, preparing: bool, dry_run: bool, yes: bool) -> int:
    """Take the sign-off hooks of this checkout away, all or those that are named.

    A hook that was there before serves again. In a folder that other checkouts
    share the hooks stay, and let this checkout alone. `devtool undo` takes it
    back.

    Exit status: 0 they are gone, 1 not.
    """
    from devtool.workflows.hooking import NAMES, prepare_removal, remove_hooks

    named = dict(zip(NAMES, (False, preparing, pushing), strict=True))
    names = [name for name, is_named in named.items() if is_named] or list(NAMES)
    setup = prepare_removal(system, names)
    if dry_run:
        system.console.result(render_setup(setup, "text", system.console.width))
        return EXIT_READY
    gone = remove_hooks(system, setup, names, yes=yes)
    nothing = "there was none of these hooks" if not setup.plan.steps else "the hooks are gone"
    system.console.result(nothing if gone else "the hooks are still there")
    return EXIT_READY if gone else EXIT_NOT_READY
