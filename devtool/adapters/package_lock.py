"""Who keeps a package manager from its work: another one, such as the updates of a fresh machine."""

from __future__ import annotations

import re

from devtool.errors import UnreadableError
from devtool.system import System

_FILES = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
# `1: POSIX  ADVISORY  WRITE 831 08:01:1234567 0 EOF`; one that waits for it has an arrow after the number.
_HELD = re.compile(r"^\d+: POSIX +\w+ +WRITE +(\d+) +\w+:\w+:(\d+) ", re.MULTILINE)
# dnf and yum wait by themselves, and say so.
_LOCKED = re.compile(
    r"(?i)could not get lock|unable to lock database|system management is locked|is locked by another"
)
_MORE_OF_IT = re.compile(
    r"(?i)unable to acquire the dpkg|unable to lock directory|could not lock database|db\.lck"
    r"|if you're sure a package manager"
)
_NAMED = re.compile(r"(?:held by process|application with pid) (\d+)(?: \(([^)\n]+)\))?")
NOBODY_KNOWN = "another package manager"


def holder(system: System) -> str | None:
    """Who holds a lock of apt or dpkg now, such as `unattended-upgr (process 831)`, if it is seen."""
    stamps = [system.files.stamp(path) for path in _FILES]
    inodes = {stamp.inode for stamp in stamps if stamp is not None}
    for pid, inode in _HELD.findall(_read(system, "/proc/locks")) if inodes else ():
        if int(inode) in inodes:
            return _called(_read(system, f"/proc/{pid}/comm").strip(), pid)
    return None


def holder_in(output: str) -> str | None:
    """Who a package manager says is in its way; None where it says nothing of the kind."""
    if not _LOCKED.search(output):
        return None
    named = _NAMED.search(output)
    return _called(named[2] or "", named[1]) if named and named[2] else NOBODY_KNOWN


def tells_of_lock(line: str) -> bool:
    """Whether a line of a package manager only says that another is in its way."""
    return _LOCKED.search(line) is not None or _MORE_OF_IT.search(line) is not None


def _called(name: str, pid: str) -> str:
    return f"{name} (process {pid})" if name else f"process {pid}"


def _read(system: System, path: str) -> str:
    try:
        return system.files.read_text(path) or ""
    except UnreadableError:
        return ""
