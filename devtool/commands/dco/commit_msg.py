"""`devtool dco commit-msg`: the rule as a commit-msg hook."""

from __future__ import annotations

import click

from devtool.system import System


@click.command()
@click.argument("path", metavar="FILE")
@click.pass_obj
def command(system: System, path: str) -> int:
    """Refuse the commit message in FILE unless it is signed off.

    For git's commit-msg hook, as pre-commit calls it. Comments, and what git
    cuts away, do not count; merges are exempt. `devtool setup --hooks` puts a
    hook in place that needs neither Python nor pre-commit.

    Exit status: 0 signed off, 1 not.
    """
    from devtool.workflows.signing.refusing import see_signed

    see_signed(system, path)
    return 0
