"""What the kernel's control groups allow this process, from both of their layouts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MOUNT = "/sys/fs/cgroup"
Reader = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Limits:
    """The tightest limits from the process's group up to the root; None where none is set."""

    memory_bytes: int | None
    cpus: float | None


def limits(read: Reader) -> Limits:
    """The limits by the files that `read` gives (None for a file that is not there).

    Layouts: https://docs.kernel.org/admin-guide/cgroup-v2.html and
    https://docs.kernel.org/admin-guide/cgroup-v1/memory.html.
    """
    groups = _groups(read("/proc/self/cgroup") or "")
    memory: list[int] = []
    cpus: list[float] = []
    for folder in _folders(groups, ""):
        memory += _numbers(read(f"{folder}/memory.max"))
        cpus += _share(read(f"{folder}/cpu.max"))
    for folder in _folders(groups, "memory"):
        memory += _numbers(read(f"{folder}/memory.limit_in_bytes"))
    for folder in _folders(groups, "cpu"):
        quota, period = read(f"{folder}/cpu.cfs_quota_us"), read(f"{folder}/cpu.cfs_period_us")
        cpus += _share(f"{quota} {period}")
    return Limits(min(memory, default=None), min(cpus, default=None))


def memory_kills(read: Reader) -> int | None:
    """How many processes the kernel has ended so far because memory ran out; None where it does not count.

    Of this process's group and those below it, else of the whole machine.
    """
    groups = _groups(read("/proc/self/cgroup") or "")
    candidates = [
        *(f"{folder}/memory.events" for folder in _folders(groups, "")),
        *(f"{folder}/memory.oom_control" for folder in _folders(groups, "memory")),
        "/proc/vmstat",
    ]
    for path in candidates:
        if found := re.search(r"^oom_kill (\d+)$", read(path) or "", re.MULTILINE):
            return int(found[1])
    return None


def _groups(text: str) -> dict[str, str]:
    """Path by controller; version 2's single group under the empty name."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, separator, path = rest.partition(":")
        if separator:
            found.update(dict.fromkeys(controllers.split(","), path))
    return found


def _folders(groups: dict[str, str], controller: str) -> Iterator[str]:
    """The group's folder and those above it.

    Inside a container the path may be the host's and lead nowhere: the
    mount's own root is then the container's group.
    """
    path = groups.get(controller)
    if path is None:
        return
    base = f"{_MOUNT}/{controller}".rstrip("/")
    parts = [part for part in path.split("/") if part not in ("", "..")]
    for length in range(len(parts), -1, -1):
        yield "/".join([base, *parts[:length]])


def _numbers(text: str | None) -> list[int]:
    found = (text or "").strip()
    return [int(found)] if found.isdigit() else []


def _share(text: str | None) -> list[float]:
    """Processors out of `quota period`, both in microseconds; nothing for `max` and `-1`."""
    match = re.fullmatch(r"\s*(\d+)\s+(\d+)\s*", text or "")
    return [int(match[1]) / int(match[2])] if match and int(match[2]) else []
