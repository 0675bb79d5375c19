"""The one boundary where errors become messages, and the way to the commands.

Words are read by click, whose import takes as long as starting a program in a
container does. Commands that run all day begin without it where their words
can only mean one thing (`_at_once`); with an option, they go the common way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from devtool.errors import (
    EXIT_BAD_INPUT,
    EXIT_INTERRUPTED,
    EXIT_NOT_READY,
    EXIT_OUR_FAULT,
    DevtoolError,
    Interrupted,
)

if TYPE_CHECKING:
    import click

    from devtool.system import System

_LONGEST_MESSAGE = 1000


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit status."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from devtool.system.console import open_missing_streams

        open_missing_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    status = run(words)
    if _at_once(words):
        from devtool.system.console import leave

        leave(status)
    sys.exit(status)


def run(argv: Sequence[str], system: System | None = None) -> int:
    """Run one command line with these doors (the real ones by default); its exit status."""
    words = list(argv)
    try:
        begin = _at_once(words)
        return _read(words, system) if begin is None else _begin(begin, system)
    except DevtoolError as error:
        _say(error.message, error.hint)
        return error.exit_status
    except Interrupted as error:
        _say("interrupted")
        return 128 + error.signal_number
    except KeyboardInterrupt:
        _say("interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return _leave_quietly()
    except Exception as error:
        from devtool.crash import record
        from devtool.system.console import undelivered

        if why := undelivered(error):
            _say(f"cannot write the result: {why}")
            return EXIT_NOT_READY
        _say(*record(argv, error))
        return EXIT_OUR_FAULT


def _at_once(words: list[str]) -> Callable[[System], int] | None:
    if words[:3] == ["container", "exec", "--"] and len(words) > 3:
        return lambda system: _execute(system, words[3:])
    if words[:2] == ["dco", "commit-msg"] and len(words) == 3 and not words[2].startswith("-"):
        return lambda system: _see_signed(system, words[2])
    return None


def _execute(system: System, argv: Sequence[str]) -> int:
    from devtool.workflows.containers.entering import Errand, enter

    return enter(system, Errand(argv))


def _see_signed(system: System, path: str) -> int:
    from devtool.workflows.signing.refusing import see_signed

    see_signed(system, path)
    return 0


def _begin(command: Callable[[System], int], system: System | None) -> int:
    from devtool.system import real_system
    from devtool.system.signals import interrupt_on_termination

    interrupt_on_termination()
    return command(system or real_system())


def _read(words: list[str], system: System | None) -> int:
    import click

    from devtool.commands import group

    try:
        with group.make_context("devtool", words, obj=system) as context:
            return _invoke(group, context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        return _refuse(error)
    except click.Abort:
        raise KeyboardInterrupt from None


def _invoke(group: click.Group, context: click.Context) -> int:
    from devtool.system.signals import interrupt_on_termination

    interrupt_on_termination()
    try:
        status = group.invoke(context)
    except BaseException:
        if context.obj is not None:
            context.obj.process.end_all()
        raise
    return status if isinstance(status, int) else 0


def _refuse(error: click.ClickException) -> int:
    from io import StringIO

    from devtool.system.console import say

    shown = StringIO()
    error.show(shown)
    say(shown.getvalue())
    return EXIT_BAD_INPUT


def _say(message: str, hint: str | None = None) -> None:
    from devtool.model.redaction import redact
    from devtool.render.paint import plain
    from devtool.system.console import say

    # Messages name what was typed or read, which may hold anything, and any amount of it.
    say(f"devtool: {_shortened(redact(plain(message)))}\n")
    if hint:
        say(f"  {redact(hint)}\n")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"


def _leave_quietly() -> int:
    # The reader has gone (`devtool … | head`); the interpreter would complain again at exit.
    from devtool.system.console import drop_stdout

    drop_stdout()
    return 0
