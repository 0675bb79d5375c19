"""`devtool container init`: a dev container for a project that has none."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.render.initialisation import render_diff, render_json, render_text
from devtool.system import System
from devtool.workflows.containers.initialising import plan, write

_EPILOG = """\b
Examples:
  devtool container init --dry-run   say what would be written and why; write nothing
  devtool container init --diff      the same, line by line
  devtool container init             write it, then `devtool container up`
  devtool undo                       take it back
"""


@click.command(epilog=_EPILOG)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written and why.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would be written as a unified diff.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, dry_run: bool, diff: bool, force: bool, form: str) -> int:
    """Write a dev container for this project, from what it asks for.

    Writes a Dockerfile, a compose file and a devcontainer.json into
    `.devcontainer/`, where VS Code and the `devcontainer` command look.
    The tools come from the distribution where its versions do, else from
    their official sources with checksums. The needs are those of `devtool
    requirements`; a project that states none is judged by its go.mod,
    pyproject.toml, Cargo.toml, CMakeLists.txt, conanfile, package.json or
    Makefile. `[devcontainer]` in `devtool.toml` adds to that.

    Exit status: 0 written, or nothing to do; 1 it cannot be written; 2 bad
    input, such as a dev container that is there.
    """
    if diff and form == "json":
        raise InputError("`--diff` prints a diff and no JSON", "leave out one of the two")
    look_only = dry_run or diff
    made = plan(system)
    if not look_only:
        made = write(system, made, force=force)
    if diff:
        if made.changes:
            system.console.code(render_diff(made))
    elif form == "json":
        system.console.result(render_json(made))
    else:
        system.console.result(render_text(made, look_only=look_only))
    return 0
