"""The full log of a command: private, kept for a while, and never a reason not to run."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress

KEPT_LOGS = 20
KEPT_BYTES = 1024**3
_NAME = re.compile(r"\d{8}T\d{6}Z-.*\.log")
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW


class Log:
    """A file that takes what came out; without one where none can be opened."""

    def __init__(self, folder: str | None, program: str) -> None:
        self.path: str | None = None
        self.trouble = ""
        self._folder = folder
        self._descriptor: int | None = None
        try:
            if folder is None:
                raise OSError("this user has no home folder")
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._open(folder, program)
        except OSError as error:
            self.trouble = f"cannot keep the log in `{folder or '~'}`: {_reason(error)}"
            self._open_elsewhere(program)

    def write(self, data: bytes) -> bool:
        """Whether the log has it now."""
        if self._descriptor is None:
            return False
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            self.trouble = f"the log ends early: {_reason(error)}"
            self._release()
            return False
        return True

    def close(self) -> None:
        """Let it go, and let older ones make room."""
        self._release()
        if self._folder is not None:
            rotate(self._folder)

    def discard(self) -> None:
        """Remove the log of a command that never was."""
        self._release()
        if self.path is not None:
            with suppress(OSError):
                os.unlink(self.path)
            self.path = None

    def _open(self, folder: str, program: str) -> None:
        for name in _names(program):
            try:
                descriptor = os.open(f"{folder}/{name}", _FLAGS, 0o600)
            except FileExistsError:
                continue
            # For as long as it grows nobody's rotation may take it.
            _lock(descriptor, fcntl.LOCK_SH)
            self.path, self._descriptor = f"{folder}/{name}", descriptor
            return

    def _open_elsewhere(self, program: str) -> None:
        import tempfile

        try:
            folder = tempfile.gettempdir()
            self._open(folder, program)
        except OSError:
            self.trouble += "; none is kept"
        else:
            self.trouble += f"; it is in `{folder}`"

    def _release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def rotate(folder: str, kept: int = KEPT_LOGS, kept_bytes: int = KEPT_BYTES) -> None:
    """Remove the oldest logs beyond the number and the sum; never the newest, nor one that still grows."""
    total = 0
    for number, (_, size, path) in enumerate(sorted(_logs(folder), reverse=True)):
        total += size
        try:
            if number and (number >= kept or total > kept_bytes) and not _grows(path):
                os.unlink(path)
        except OSError:
            continue


def _logs(folder: str) -> Iterator[tuple[int, int, str]]:
    """Time of change, size and path of each."""
    try:
        names = [name for name in os.listdir(folder) if _NAME.fullmatch(name)]
    except OSError:
        return
    for name in names:
        path = f"{folder}/{name}"
        try:
            facts = os.lstat(path)
        except FileNotFoundError:  # another rotation took it
            continue
        yield facts.st_mtime_ns, facts.st_size, path


def _names(program: str) -> Iterator[str]:
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    word = re.sub(r"[^A-Za-z0-9._+-]+", "_", os.path.basename(program))[:40] or "command"
    yield f"{moment}-{word}.log"
    for number in range(2, 1000):
        yield f"{moment}-{word}-{number}.log"


def _grows(path: str) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        return not _lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
