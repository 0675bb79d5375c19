"""`devtool test`: suites against a Milvus server."""

from __future__ import annotations

import click

from devtool.render.testing import render_json, render_text
from devtool.system import System
from devtool.workflows import testing

_EPILOG = """\b
Examples:
  devtool test smoke                          what `devtool deploy up` started
  devtool test smoke --level L0               the path every user walks: 15 s
  devtool test smoke --uri http://host:19530  any other server
"""


@click.group(epilog=_EPILOG)
def command() -> None:
    """Run tests against a Milvus server."""


@command.command()
@click.option("--uri", help="Address of the server; the one started here by default.")
@click.option(
    "--level",
    type=click.Choice(tuple(testing.LEVELS)),
    default="L1",
    show_default=True,
    help="L0: the path every user walks. L1: that, what goes beyond it, and what must be refused.",
)
@click.option("--junit", metavar="FILE", help="Also write the result as JUnit XML.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def smoke(system: System, uri: str | None, level: str, junit: str | None, form: str) -> int:
    """Prove that a server works, end to end.

    It must create, store, index, find, delete and refuse as it should.

    Exit status: 0 all passed, 1 failures or no server, 2 bad input.
    """
    from devtool.workflows.supplying import supplied

    system, _ = supplied(system)
    result = testing.smoke(system, uri, level, junit)
    text = render_json(result) if form == "json" else render_text(result, colour=system.console.colour)
    system.console.result(text)
    return result.exit_status
