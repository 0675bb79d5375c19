"""Becoming the person's command: their environment, signals and folder, and nothing of ours left behind."""

from __future__ import annotations

import errno
import os
import signal
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from devtool.system.invocation import VARIABLE
from devtool.system.lookup import programs

_INITIAL = "/proc/self/environ"
_FAILURE = struct.Struct("=i")
# The interpreter ignores these for itself, and a command would inherit that.
_IGNORED_BY_PYTHON = {signal.SIGPIPE, getattr(signal, "SIGXFSZ", signal.SIGPIPE)}


class StartError(Exception):
    """The kernel would not run the command; `number` is its errno."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.number = number


@dataclass(frozen=True)
class Start:
    """A command as the person typed it, and what a child must find as we found it."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]
    ignored: frozenset[int]
    """Signals that were ignored when we were started, as `nohup` and a script's `&` do."""


def ignored_signals() -> frozenset[int]:
    """What this process was told to ignore."""
    found = (each for each in signal.valid_signals() if signal.getsignal(each) == signal.SIG_IGN)
    return frozenset(each for each in found if each not in _IGNORED_BY_PYTHON)


def own_environment(env: Mapping[str, str]) -> dict[str, str]:
    """`env` without what the interpreter and our launcher put there."""
    kept = {key: value for key, value in env.items() if key != VARIABLE}
    if "LC_CTYPE" in kept and not _given("LC_CTYPE"):  # https://peps.python.org/pep-0538/
        del kept["LC_CTYPE"]
    return kept


def start(command: Start, arrange: Callable[[], None]) -> int:
    """Start the command and give its process id; `arrange` runs in the new process before.

    Signals that come meanwhile reach the command once it is itself. Raises StartError.
    """
    told, telling = os.pipe()
    mask: set[int] = set(signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()))
    try:
        pid = os.fork()
        if pid == 0:
            _become(command, arrange, mask, telling)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    os.close(telling)
    with os.fdopen(told, "rb") as stream:
        failure = stream.read()
    if failure:
        os.waitpid(pid, 0)
        (number,) = _FAILURE.unpack(failure)
        raise StartError(number)
    return pid


def refusal(argv: Sequence[str], path: str, number: int) -> str | None:
    """Why a program that is there cannot be started; None where there is none."""
    there = next(programs(argv[0], path), None) or (argv[0] if _exists(argv[0]) else None)
    if there is None and number in (errno.ENOENT, errno.ENOTDIR):
        return None
    if number == errno.ENOENT:
        return "the interpreter that its first line names does not exist"
    if number == errno.EACCES and there is not None and os.path.isdir(there):
        return "it is a folder"
    return os.strerror(number).lower()


def _become(command: Start, arrange: Callable[[], None], mask: set[int], telling: int) -> None:
    try:
        signal.set_wakeup_fd(-1)
        arrange()
        for each in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(each, signal.SIG_IGN if each in command.ignored else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if os.getcwd() != command.cwd:
            os.chdir(command.cwd)
        execute(command.argv, command.env)
    except OSError as error:
        os.write(telling, _FAILURE.pack(error.errno or errno.EINVAL))
    except ValueError:  # a NUL in an argument
        os.write(telling, _FAILURE.pack(errno.EINVAL))
    finally:
        os._exit(127)


def _given(variable: str) -> bool:
    """Whether this process was started with the variable; taken for granted where nobody can say."""
    try:
        with open(_INITIAL, "rb") as stream:
            return any(each.startswith(f"{variable}=".encode()) for each in stream.read().split(b"\0"))
    except OSError:
        return True


def _exists(name: str) -> bool:
    return "/" in name and os.path.exists(name)


def execute(argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Run the program in our place; one without a first line that names its interpreter is run by sh."""
    try:
        os.execvpe(argv[0], list(argv), env)  # noqa: S606 - the person's own command
    except OSError as error:
        found = next(programs(argv[0], env.get("PATH", os.defpath)), None)
        if error.errno != errno.ENOEXEC or found is None:
            raise
        os.execve("/bin/sh", ["sh", found, *argv[1:]], env)  # noqa: S606 - as above
