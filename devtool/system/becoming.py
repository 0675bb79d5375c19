"""Leaving this process to the person's own command, as if they had typed it."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from devtool.model.command import Answer
from devtool.system.following.launch import own_environment, refusal
from devtool.system.lookup import programs

# The interpreter ignores these for itself, and the command would inherit that.
_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")


def become(argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
    """Replace this process; an answer only where the command cannot be started.

    The terminal, the process group and the parent stay as they are, so that job control,
    signals and the exit status are the command's own.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    theirs = own_environment(env)
    restored = [getattr(signal, name) for name in _IGNORED_BY_PYTHON if hasattr(signal, name)]
    ours = {number: signal.signal(number, signal.SIG_DFL) for number in restored}
    try:
        os.chdir(cwd)
        _execute(argv, theirs)
    except OSError as error:
        why = refusal(argv, theirs.get("PATH", os.defpath), error.errno or 0)
    except ValueError:
        why = "its words hold a NUL"
    for number, handler in ours.items():
        signal.signal(number, handler)
    return Answer(tuple(argv), "absent") if why is None else Answer(tuple(argv), "refused", stderr=why)


def _execute(argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Run the program in our place; one without a first line that names its interpreter is run by sh."""
    try:
        os.execvpe(argv[0], list(argv), env)  # noqa: S606 - the person's own command
    except OSError as error:
        found = next(programs(argv[0], env.get("PATH", os.defpath)), None)
        if error.errno != errno.ENOEXEC or found is None:
            raise
        os.execve("/bin/sh", ["sh", found, *argv[1:]], env)  # noqa: S606 - as above
