"""`devtool learn`: make a knowledge file from a log that nothing explains."""

from __future__ import annotations

import click

from devtool.errors import InputError
from devtool.system import System
from devtool.workflows.learning import Wish, check, learn, write

_EPILOG = """\b
Examples:
  devtool learn build.log              propose and write .devtool/knowledge/<id>.toml
  devtool learn build.log --line 412 --id mytool-no-licence --cure 'Run `mytool login`.'
  devtool learn build.log --dry-run    print the file, write nothing
  devtool learn --check                hold the project's own files against their examples
"""


@click.command(epilog=_EPILOG)
@click.argument("log", required=False)
@click.option("--line", type=click.IntRange(min=1), metavar="N", help="Learn from line N of the log.")
@click.option("--id", "failure_id", metavar="ID", help="The failure's id; else made from the message.")
@click.option("--title", metavar="TEXT", help="What happened, in one line.")
@click.option("--cause", metavar="TEXT", help="Why it happens.")
@click.option("--cure", metavar="TEXT", help="What to do about it.")
@click.option("--output", metavar="FILE", help="Write there, not into the project's knowledge.")
@click.option("--dry-run", is_flag=True, help="Print the file and write nothing.")
@click.option(
    "--check", "checking", is_flag=True, help="Hold the project's own files against their examples."
)
@click.pass_obj
def command(
    system: System,
    log: str | None,
    line: int | None,
    failure_id: str | None,
    title: str | None,
    cause: str | None,
    cure: str | None,
    output: str | None,
    dry_run: bool,
    checking: bool,
) -> int:
    """Teach devtool a failure from LOG that it does not know.

    The pattern is the shortest telling part of the message that names nothing
    in the examples of all known failures. Without `--line` the first error is
    taken that nothing explains. What is written is data: nothing in it is ever run.
    """
    if checking:
        if log is not None:
            raise InputError("`--check` reads the project's own files, not a log", "leave out the log")
        return _check(system)
    if log is None:
        raise InputError("no log was given", "`devtool learn build.log`")
    lesson = learn(system, log, Wish(line, failure_id, title, cause, cure, output))
    console = system.console
    if lesson.consequence:
        console.note(f"line {lesson.line} only says that something before it failed")
        console.note(
            "  name the line that says what did with `--line N`, or the file matches more than is meant"
        )
    if dry_run:
        console.result(lesson.text.rstrip("\n"))
        return 0
    write(system, lesson)
    console.result(f"{lesson.path}")
    console.note(f"learned from line {lesson.line}: {lesson.said.strip()}")
    console.note(f"pattern: {lesson.pattern}")
    console.note(f"held against {lesson.examples} examples of known failures: no false alarm")
    console.note("next: say the cause and the cure in the file, then `devtool learn --check`")
    return 0


def _check(system: System) -> int:
    results = check(system)
    if not results:
        raise InputError(
            "this project has no knowledge of its own", "`devtool learn LOG` writes the first file"
        )
    for failure, wrong in results:
        system.console.result(f"{'ok  ' if not wrong else 'FAIL'}  {failure.id}")
        for each in wrong:
            system.console.result(f"      {each}")
    return 1 if any(wrong for _, wrong in results) else 0
