"""Leaving this process to the person's own command, as if they had typed it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence

from devtool.model.command import Answer
from devtool.system.following.launch import execute, own_environment, refusal

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
        execute(argv, theirs)
    except OSError as error:
        why = refusal(argv, theirs.get("PATH", os.defpath), error.errno or 0)
    except ValueError:
        why = "its words hold a NUL"
    for number, handler in ours.items():
        signal.signal(number, handler)
    return Answer(tuple(argv), "absent") if why is None else Answer(tuple(argv), "refused", stderr=why)
