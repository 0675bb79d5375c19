"""What the kernel and the interpreter say of this machine without running anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from devtool.errors import InputError


class RealMachine:
    """This machine."""

    def environment(self) -> dict[str, str]:
        """A copy of this process's environment."""
        return dict(os.environ)

    def working_directory(self, directory: str | None) -> str:
        """The absolute path of `directory`, or of the folder this process was started in."""
        path = directory if directory is not None and os.path.isabs(directory) else self._below(directory)
        if not os.path.isdir(path):
            raise InputError(f"`{directory}` is not a folder", "give `-C` a folder that exists")
        return path if directory is None else os.path.normpath(path)

    def _below(self, directory: str | None) -> str:
        try:
            return os.path.join(os.getcwd(), directory or "").rstrip("/") or "/"
        except FileNotFoundError:
            raise InputError("the current folder no longer exists", "change to a folder that does") from None

    def kernel(self) -> tuple[str, str, str]:
        facts = os.uname()
        return facts.sysname, facts.release, facts.machine

    def cpus(self) -> int:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    def page_size_bytes(self) -> int:
        return os.sysconf("SC_PAGE_SIZE")

    def is_root(self) -> bool:
        return os.geteuid() == 0

    def user_id(self) -> int:
        return os.geteuid()

    def group_id(self) -> int:
        return os.getegid()

    def parent_id(self) -> int:
        return os.getppid()

    def own_words(self) -> tuple[str, ...]:
        return (sys.executable, *(("-I",) if sys.flags.isolated else ()), "-m", "devtool")

    def home(self, env: Mapping[str, str]) -> str | None:
        home = env.get("HOME") or _registered_home()
        # `/nonexistent` is Debian's way to say "none"; what is relative would end up in every checkout.
        return home.rstrip("/") or "/" if home and os.path.isabs(home) and os.path.isdir(home) else None


def _registered_home() -> str | None:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return None
