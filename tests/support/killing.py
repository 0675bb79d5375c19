"""A child process that is killed just before any of its changes to the disk."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from itertools import count

WRITES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.symlink", "os.truncate",
    "subprocess.Popen", "tempfile.mkstemp",
}  # fmt: skip


def killed_at(moment: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed before its n-th change to the disk; whether it came that far."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(moment)
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(9)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _kill_at(moment: int) -> None:
    seen = count(1)

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if (event in WRITES or writes) and next(seen) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    fsync = os.fsync
    sys.addaudithook(on_event)
    # The system's audit has no event for it, and it parts "written" from "renamed".
    os.fsync = lambda descriptor: (on_event("os.rename", ()), fsync(descriptor))[1]
