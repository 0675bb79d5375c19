"""The file door of this machine: writes are a temporary file, an fsync and a rename."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from devtool.errors import DevtoolError, InputError, UnreadableError
from devtool.system.files import DEFAULT_LIMIT_BYTES, Kind, Stamp
from devtool.system.pieces import pieces_of

_ELSEWHERE = "set `XDG_STATE_HOME` and `XDG_DATA_HOME` to folders you can write to"


class RealFiles:
    """This machine's file systems."""

    def __init__(self) -> None:
        # Reading it means setting it, for all threads: so once, before there are any.
        self._umask = os.umask(0o077)
        os.umask(self._umask)

    def read_bytes(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes | None:
        try:
            # Without O_NONBLOCK a FIFO would hold us until somebody writes.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise UnreadableError(f"cannot read `{path}`: {_reason(error)}") from None
        try:
            facts = os.fstat(descriptor)
            if stat.S_ISDIR(facts.st_mode):
                raise UnreadableError(f"`{path}` is a folder, not a file")
            if not stat.S_ISREG(facts.st_mode):
                raise UnreadableError(f"`{path}` is not a plain file")
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                content = stream.read(limit_bytes + 1)
        except OSError as error:
            raise UnreadableError(f"cannot read `{path}`: {_reason(error)}") from None
        finally:
            os.close(descriptor)
        if len(content) > limit_bytes:
            raise UnreadableError(f"`{path}` is larger than {limit_bytes // 1024**2} MiB")
        return content

    def read_text(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str | None:
        content = self.read_bytes(path, limit_bytes)
        return None if content is None else content.decode("utf-8", "replace")

    def pieces(self, path: str) -> Iterator[bytes]:
        return pieces_of(path)

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        import tempfile

        target = os.path.realpath(path)
        with _explained("write", path):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=".devtool-", dir=os.path.dirname(target))
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    _take_over(
                        stream.fileno(), target, 0o666 & ~self._umask if mode is None else mode, mode is None
                    )
                    os.fsync(stream.fileno())
                os.replace(temporary, target)
            except BaseException:
                with suppress(FileNotFoundError):  # interrupted just after it took its place
                    os.unlink(temporary)
                raise
            _sync_folder(os.path.dirname(target))

    def kind(self, path: str) -> Kind | None:
        facts = _facts(path)
        if facts is None:
            return None
        if stat.S_ISREG(facts.st_mode):
            return "file"
        return "folder" if stat.S_ISDIR(facts.st_mode) else "other"

    def stamp(self, path: str) -> Stamp | None:
        facts = _facts(path)
        return None if facts is None else Stamp(path, facts.st_size, facts.st_mtime_ns, facts.st_ino)

    def owner_id(self, path: str) -> int | None:
        facts = _facts(path)
        return None if facts is None else facts.st_uid

    def group_id(self, path: str) -> int | None:
        facts = _facts(path)
        return None if facts is None else facts.st_gid

    def writable(self, path: str) -> bool:
        return os.access(path, os.W_OK)

    def executable(self, path: str) -> bool:
        return os.path.isfile(path) and os.access(path, os.X_OK)

    def names(self, path: str) -> list[str]:
        try:
            return sorted(os.listdir(path))
        except OSError:
            return []

    def make_folder(self, path: str) -> None:
        with _explained("make the folder", path):
            os.makedirs(path, exist_ok=True)

    def remove(self, path: str) -> None:
        with _explained("remove", path):
            try:
                os.unlink(path)
            except FileNotFoundError:
                return

    def remove_tree(self, path: str) -> None:
        with _explained("remove", path):
            try:
                import shutil

                shutil.rmtree(path)
            except FileNotFoundError:
                return

    def move(self, source: str, target: str) -> None:
        with _explained("move", source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)
            _sync_folder(os.path.dirname(target))

    def unpack(self, archive: str, folder: str) -> None:
        from devtool.system.unpacking import unpack  # 20 ms of imports

        unpack(archive, folder)

    def link_target(self, path: str) -> str | None:
        try:
            return os.readlink(path)
        except OSError:
            return None

    def real(self, path: str) -> str:
        return os.path.realpath(path)

    def free_bytes(self, path: str) -> int | None:
        while path and not os.path.isdir(path) and path != "/":
            path = os.path.dirname(path)
        try:
            facts = os.statvfs(path)
        except OSError:
            return None
        return facts.f_bavail * facts.f_frsize

    def lock(self, path: str, timeout_seconds: float) -> AbstractContextManager[None]:
        return _held(path, timeout_seconds)


def _facts(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def _take_over(descriptor: int, target: str, mode: int, keep: bool) -> None:
    """Give the new file the old one's owner, and its permissions where they are to be kept, else `mode`."""
    facts = _facts(target)
    if facts is None:
        os.fchmod(descriptor, mode)
        return
    os.fchmod(descriptor, stat.S_IMODE(facts.st_mode) if keep else mode)
    if (facts.st_uid, facts.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.fchown(descriptor, facts.st_uid, facts.st_gid)
        except PermissionError as error:
            raise DevtoolError(f"cannot keep the owner of `{target}`", "run as the file's owner") from error


def _sync_folder(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(verb: str, path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "free some space and try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
        raise DevtoolError(f"cannot {verb} `{path}`: {_reason(error)}", hint) from error


@contextmanager
def _held(path: str, timeout_seconds: float) -> Iterator[None]:
    import filelock

    folder = os.path.dirname(path)
    lock = filelock.FileLock(path, timeout=timeout_seconds)
    try:
        os.makedirs(folder, exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        raise DevtoolError(
            f"another devtool has held `{path}` for {timeout_seconds:.0f} s", "wait until it has ended"
        ) from None
    except OSError as error:
        raise InputError(f"cannot write to `{folder}`: {_reason(error)}", _ELSEWHERE) from None
    except NotImplementedError:
        raise InputError(f"the file system of `{folder}` knows no locks", _ELSEWHERE) from None
    try:
        yield
    finally:
        lock.release()


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
