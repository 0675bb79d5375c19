"""`devtool pr`: a pull request before it is opened."""

from __future__ import annotations

import click

from devtool.commands import Entry, Table

_TABLE = {
    "check": Entry("Commands", "Hold this branch against the rules for pull requests."),
    "body": Entry("Commands", "Write the text of the pull request, to fill in."),
}
_EPILOG = """\b
Examples:
  devtool pr body --write /tmp/body.md   what to say, with all that is known
  devtool pr check --body /tmp/body.md   what the bots will say to it
"""


@click.command(cls=Table, package=__name__, table=_TABLE, epilog=_EPILOG)
def command() -> None:
    """Know before the push what a project's bots say after it.

    Nothing is sent anywhere, and nothing in the checkout is changed.
    """
