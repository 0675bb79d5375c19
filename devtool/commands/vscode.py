"""`devtool vscode`: settings, extensions, tasks and launch configurations for VS Code."""

from __future__ import annotations

import click

from devtool.errors import EXIT_NOT_READY, EXIT_READY, InputError
from devtool.render.editor import render_diff, render_json, render_text
from devtool.system import System
from devtool.workflows.editing import edit_checkout, edit_user, write

_EPILOG = """\b
Examples:
  devtool vscode                      merge what is lacking into `.vscode/`
  devtool vscode --diff               show what that would change, and change nothing
  devtool vscode --force go.testTags  take devtool's value of this key in place of yours
  devtool undo                        take it back, byte for byte
"""


@click.command(epilog=_EPILOG)
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 when something would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print the changes as a unified diff.")
@click.option(
    "--force",
    multiple=True,
    metavar="KEY",
    help="Take devtool's value where yours differs; can be repeated, `all` for every key.",
)
@click.option("--user", is_flag=True, help="Your own settings, for every checkout, in place of `.vscode/`.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(system: System, check: bool, diff: bool, force: tuple[str, ...], user: bool, form: str) -> int:
    """Set VS Code up for this checkout, C++ and Go together.

    Writes settings, recommended extensions, tasks and launch configurations
    with the paths, build tags and formatters that this checkout states, into
    its `.vscode/`. What is there stays: your values, comments, order and
    layout; where yours differ from devtool's, both are shown.

    Milvus is known. Any other project says in its `devtool.toml` what there is
    to know, each by the file that states it: `pattern` is searched in every
    line and its first group is the value, or `value` is, once the file is there.

    \b
      [editor]
      build_target = { path = "Makefile", pattern = '^(all):' }
      test_tags = { path = "go.mod", value = "integration" }

    The keys are core, core_source, build, pkg_config_path, library_path,
    test_tags, build_tags, golangci_lint, gofumpt_path, clang_format,
    build_target, core_target, go_target and cpp_target.

    Exit status: 0 done, or nothing to do; 1 something would change (--check),
    or cannot be written; 2 bad input, such as a file that is not JSON.
    """
    if diff and form == "json":
        raise InputError("`--diff` prints a diff and no JSON", "leave out one of the two")
    edition = edit_user(system, force) if user else edit_checkout(system, force)
    look_only = check or diff
    if edition.changes and not look_only:
        edition = write(system, edition, user=user)
    if diff:
        if edition.changes:
            system.console.code(render_diff(edition))
    elif form == "json":
        system.console.result(render_json(edition))
    else:
        system.console.result(render_text(edition, check=check, user=user))
    return EXIT_NOT_READY if check and edition.changes else EXIT_READY
