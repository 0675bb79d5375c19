"""Programs, as a door: argument lists only, bounded in time and output, ended as a whole group."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import IO, TYPE_CHECKING

from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.system.lookup import programs

if TYPE_CHECKING:
    import subprocess

    from devtool.model.carrying import Attachment, Carried
    from devtool.model.following import Followed
    from devtool.system.conversation import RealConversation
    from devtool.system.following.watcher import Watch

PROBE_SECONDS = 5.0
"""How long a program that only reports something may take."""
PIPE_BYTES = 65536
_POLL_SECONDS = 0.02
_GRACE_SECONDS = 2.0
# What one Python hands its children breaks another Python's start.
_DROPPED = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__")

Changes = Mapping[str, str | None]
"""Changes to the environment of a child: None removes a variable."""


class RealProcess:
    """This machine's programs."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = {**env, "PATH": _steady(env.get("PATH", os.defpath))}
        self._live: set[subprocess.Popen[bytes]] = set()
        self._starting: set[object] = set()
        self._over = threading.Event()
        self._guard = threading.Lock()

    def within(self, changes: Changes) -> RealProcess:
        other = copy(self)  # its children are ours: whoever ends all of them ends them too
        other._env = _merged(self._env, changes)
        return other

    def which(self, name: str) -> str | None:
        return next(iter(self.which_all(name)), None)

    def which_all(self, name: str) -> list[str]:
        found: dict[str, str] = {}
        for path in programs(name, self._env.get("PATH", os.defpath)):
            found.setdefault(os.path.realpath(path), path)
        return list(found.values())

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_seconds: float | None = PROBE_SECONDS,
        cwd: str | None = None,
        env: Changes | None = None,
        stdin: bytes = b"",
        on_line: Callable[[str], None] | None = None,
    ) -> Answer:
        from devtool.system.streams import Stream, drain

        started = time.monotonic()
        assert len(stdin) <= PIPE_BYTES, "more would block until the child reads"
        try:
            child = self._start(argv, cwd, env)
        except (FileNotFoundError, NotADirectoryError):
            return Answer(tuple(argv), "absent")
        except (OSError, ValueError) as error:
            return Answer(tuple(argv), "refused", stderr=str(error))
        assert child.stdin is not None
        streams = [Stream(s.fileno(), on_line) for s in (child.stdout, child.stderr) if s is not None]
        try:
            _hand_over(child.stdin, stdin)
            in_time = drain(child, streams, timeout_seconds)
        finally:
            self._finish(child)
        return Answer(
            tuple(argv),
            "ended" if in_time else "timed-out",
            child.returncode if in_time else None,
            streams[0].text,
            streams[1].text,
            time.monotonic() - started,
            any(stream.truncated for stream in streams),
        )

    def attach(self, argv: Sequence[str]) -> Answer:
        import subprocess

        started = time.monotonic()
        try:
            # In our own group and session: only there may it read from the terminal.
            child = subprocess.Popen(list(argv), cwd="/", env=self._environment(None), stdout=2)
        except (FileNotFoundError, NotADirectoryError):
            return Answer(tuple(argv), "absent")
        except (OSError, ValueError) as error:
            return Answer(tuple(argv), "refused", stderr=str(error))
        with child:  # Ctrl-C reaches it too: wait until it has tidied up
            status = child.wait()
        return Answer(tuple(argv), "ended", status, seconds=time.monotonic() - started)

    def become(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
        from devtool.system.becoming import become  # few commands end this way

        return become(argv, cwd=cwd, env=env)

    def follow(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        log_folder: str | None,
        watch: Watch | None = None,
        fail_fast: bool = False,
        called: str = "",
    ) -> Followed:
        from devtool.system.following import follow  # a program that only probes needs none of it

        try:
            return follow(
                argv, cwd=cwd, env=env, log_folder=log_folder, watch=watch, fail_fast=fail_fast, called=called
            )
        except OSError as error:
            raise DevtoolError(f"cannot run `{argv[0]}`: {(error.strerror or str(error)).lower()}") from error

    def carry(self, attachment: Attachment) -> Carried:
        from devtool.system.carrying import carry  # only what works in a container needs it

        return carry(attachment)

    def converse(
        self, argv: Sequence[str], *, cwd: str | None = None, env: Changes | None = None
    ) -> RealConversation:
        from devtool.system.conversation import RealConversation

        try:
            child = self._start(argv, cwd, env)
        except OSError as error:
            raise DevtoolError(f"cannot start `{argv[0]}`: {error.strerror or error}") from error
        return RealConversation(child, self._finish)

    def spawn(self, argv: Sequence[str], *, log_path: str, cwd: str, env: Changes | None = None) -> int:
        import subprocess

        try:
            with open(log_path, "ab") as log:
                child = subprocess.Popen(
                    list(argv),
                    cwd=cwd,
                    env=self._environment(env),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            raise DevtoolError(f"cannot start `{argv[0]}`: {error.strerror or error}") from error
        # Reaped by a thread: a zombie would look alive to whoever asks for its pid.
        threading.Thread(target=child.wait, daemon=True).start()
        return child.pid

    def born(self, pid: int) -> float | None:
        import psutil

        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            # The clock may be set, and is after a laptop's or WSL's sleep; the distance stays.
            return process.create_time() - psutil.boot_time()
        except psutil.Error:  # gone, or somebody else's by now
            return None

    def end_group(self, pid: int, grace_seconds: float) -> bool:
        for signal_number, patience in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, _GRACE_SECONDS)):
            _signal_group(pid, signal_number)
            deadline = time.monotonic() + patience
            while _group_alive(pid):
                if time.monotonic() > deadline:
                    break
                time.sleep(_POLL_SECONDS)
            else:
                return True
        return False

    def end_all(self) -> None:
        deadline = time.monotonic() + _GRACE_SECONDS
        with self._guard:
            self._over.set()
        # What another thread is starting just now is not among the living yet.
        while self._starting and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        with self._guard:
            children = list(self._live)
        for child in children:  # their streams are closed by the threads that read them
            _signal_group(child.pid, signal.SIGKILL)
            child.wait()

    def _start(self, argv: Sequence[str], cwd: str | None, env: Changes | None) -> subprocess.Popen[bytes]:
        import subprocess  # what works in a container starts no program of ours

        with self._guard:
            if self._over.is_set():
                raise InterruptedError("devtool is ending")
            self._starting.add(start := object())
        child = None
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=self._environment(env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        finally:
            with self._guard:
                self._starting.discard(start)
                if child is not None:
                    self._live.add(child)
        return child

    def _finish(self, child: subprocess.Popen[bytes]) -> None:
        """End whatever is left of the child's group and forget it."""
        _signal_group(child.pid, signal.SIGKILL)
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # unwritten input of a program that ended first
                    continue
        child.wait()
        with self._guard:
            self._live.discard(child)

    def _environment(self, changes: Changes | None) -> dict[str, str]:
        # Under C.UTF-8 tools speak English and still print names as they are.
        told = _merged(self._env, {"LC_ALL": "C.UTF-8", **dict.fromkeys(_DROPPED), **(changes or {})})
        return {**told, "PATH": _steady(told.get("PATH", os.defpath))}


def _merged(env: Mapping[str, str], changes: Changes) -> dict[str, str]:
    merged: dict[str, str | None] = {**env, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def _steady(path: str) -> str:
    """The folders of a PATH that mean the same from everywhere.

    A relative or empty one means the folder that a program is run in: `git` could be the checkout's own.
    """
    folders = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]
    return os.pathsep.join(folders) or os.devnull  # an empty PATH means the current folder too


def _hand_over(stream: IO[bytes], content: bytes) -> None:
    try:
        stream.write(content)
        stream.close()
    except BrokenPipeError:  # it ended, or closed its input, before it read all
        return


def _signal_group(pid: int, signal_number: int) -> None:
    try:
        os.killpg(pid, signal_number)
    except (ProcessLookupError, PermissionError):
        return


def _group_alive(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, as somebody else
        return True
    return True
