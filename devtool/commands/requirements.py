"""`devtool requirements`: what this checkout needs, and where it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY, InputError

if TYPE_CHECKING:
    from devtool.model.requirement import Needs
    from devtool.system import System

_EPILOG = """\b
Examples:
  devtool requirements
  devtool requirements --rev origin/2.5 --format json
  devtool requirements --why conan
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--rev", "revision", metavar="REV", help="Read a commit, branch or tag instead of the files here."
)
@click.option("--why", "tool", metavar="TOOL", help="Show the line behind one need, and who changed it last.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(system: System, revision: str | None, tool: str | None, form: str) -> int:
    """Show what this checkout needs, and where it says so.

    Nothing of the checkout is run. Exit status 1 means that its own
    statements exclude each other.

    Milvus is known. Any other project states its needs in a `devtool.toml`,
    outright or by the lines of its files that state them:

    \b
      [needs]
      make = ""
      go = ">=1.22"
      [needs.node]
      statements = [
        { path = ".nvmrc", pattern = '^v?(\\d+)', specifier = "=={}.*" },
        { path = "package.json", pattern = '"node": *">=(\\d+)"' },
      ]
      [resources]
      memory_gib = 4
      ports = [8080]
      [commands]
      build = "make"
      test = ["make test"]
      [packages]
      scripts = ["scripts/install.sh"]
      images = ["docker/*/Dockerfile"]

    Scripts and Dockerfiles are read for the packages that they install,
    and never run; the folder of a Dockerfile names its distribution and
    release, as `ubuntu22.04` does.
    """
    if tool is not None:
        return _why(system, tool, revision, form)
    from devtool.render.requirements import requirements_json, requirements_text
    from devtool.requirements.needs import read_needs, read_needs_at

    needs = (
        read_needs(system, system.cwd) if revision is None else read_needs_at(system, system.cwd, revision)
    )
    _known(needs, system.cwd)
    if form == "json":
        system.console.result(requirements_json(needs, revision))
    else:
        system.console.result(requirements_text(needs, revision, system.console.width))
    return EXIT_NOT_READY if needs.conflicts else EXIT_READY


def _why(system: System, tool: str, revision: str | None, form: str) -> int:
    from devtool.render.reason import reason_json, reason_text
    from devtool.requirements.why import find_reason

    reason = find_reason(system, system.cwd, tool, revision)
    if form == "json":
        system.console.result(reason_json(reason))
    else:
        system.console.result(reason_text(reason, system.console.width))
    return EXIT_READY


def _known(needs: Needs, cwd: str) -> None:
    if needs.project is None:
        raise InputError(
            f"`{needs.root or cwd}` is no checkout whose needs are known",
            "stand in a checkout of Milvus, or state needs in a `devtool.toml`:"
            " `devtool requirements --help` shows one",
        )
