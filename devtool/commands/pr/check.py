"""`devtool pr check`: hold this branch against the rules for pull requests."""

from __future__ import annotations

import click

from devtool.render import FORMATS
from devtool.render.pull_request import render
from devtool.system import System
from devtool.workflows.submitting.checking import Request, check_pull_request

_EPILOG = """\b
Examples:
  devtool pr check                       this branch, for the remote's default branch
  devtool pr check --base 2.6            for a release branch
  devtool pr check --title "fix: close the channel" --body body.md
  devtool pr check --format github       in GitHub Actions, with annotations
"""


@click.command(epilog=_EPILOG)
@click.option("--base", metavar="BRANCH", help="The branch that it is for.")
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--body", metavar="FILE|-", help="Its text, from a file or standard input.")
@click.option("--strict", is_flag=True, help="Take warnings for failures.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(
    system: System, base: str | None, title: str | None, body: str | None, strict: bool, form: str
) -> int:
    """Hold this branch against the rules for pull requests.

    The rules are those of the project's `mergify.yml`, as its default branch
    has it, each with its line; else those of its `devtool.toml` or of a
    built-in profile: title, issue, design document, the pull request to the
    main branch. Then sign-offs, mail addresses, conflicts with the base,
    generated files and size. Merges are tried outside the repository.

    Without `--base`: what the CI service says, the branch that this one
    tracks, else the default branch of `upstream` or `origin`. Without
    `--title` and `--body`: what the CI service says, else the message of the
    branch's only commit, as GitHub takes it.

    \b
    A `devtool.toml` states rules like this:
      [[pull_request.rules]]
      id = "pr-issue"
      refuse = ["title~=^fix:", '-body~=#\\d+']
      [[pull_request.generated]]
      paths = ["*.pb.go"]
      sources = ["*.proto"]
      command = "make proto"
      [pull_request]
      off = ["pr-sign-offs"]

    Exit status: 0 nothing holds it up, 1 something does or cannot be told,
    2 commits are missing here or bad input. `devtool explain pr-title` says more.
    """
    console = system.console
    with console.progress("reading the branch"):
        report = check_pull_request(system, Request(base, title, body, strict))
    console.result(render(report, form, colour=console.colour, width=console.width))
    return report.exit_status
