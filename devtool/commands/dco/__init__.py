"""`devtool dco`: sign-offs, as the DCO check of pull requests wants them."""

from __future__ import annotations

import click

from devtool.commands import Entry, Table

_TABLE = {
    "check": Entry("Commands", "Say which commits lack a sign-off, and what mends them."),
    "repair": Entry("Commands", "Give your own commits the sign-offs that they lack."),
    "sign": Entry("Commands", "Give the newest commit its sign-off."),
    "install": Entry("Hooks", "Have git ask for the sign-off at each commit of this checkout."),
    "uninstall": Entry("Hooks", "Take these hooks away again."),
    "commit-msg": Entry("Hooks", "Refuse one commit message without a sign-off: the hook."),
    "pre-push": Entry("Hooks", "Refuse a push of commits without a sign-off: the hook."),
}
_EPILOG = """\b
Examples:
  devtool dco check                what this branch adds to its upstream
  devtool dco check --help         ranges, rules, CI services
  devtool dco repair --dry-run     what would give your commits their sign-offs
  devtool dco install --prepare    sign off what you commit here from now on
"""


@click.command(cls=Table, package=__name__, table=_TABLE, epilog=_EPILOG)
def command() -> None:
    """Hold commits against the Developer Certificate of Origin.

    The rule is that of the DCO app of GitHub, which Milvus and many other
    projects use: https://github.com/apps/dco
    """
