"""The two ways in which Compose files write mounts.

https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from devtool.errors import InputError


@dataclass(frozen=True)
class Volume:
    """One mount of a service, before it is known what the engine calls its volume."""

    kind: str
    """`bind`, `volume` or what else the long form names."""
    source: str
    """An absolute path or a key of `volumes`; empty for a volume without a name."""
    target: str
    read_only: bool = False


def read_volume(entry: Any, folder: str, home: str | None, place: str) -> Volume:
    """The mount that one element of `volumes` means, paths starting from `folder`. Raises InputError."""
    if isinstance(entry, dict):
        source, target = str(entry.get("source") or ""), str(entry.get("target") or "")
        kind = str(entry.get("type") or "volume")
        read_only = str(entry.get("read_only")) == "true"
    elif isinstance(entry, str):
        source, target, modes = _parts(entry)
        kind = "bind" if source.startswith((".", "/", "~")) else "volume"
        read_only = "ro" in modes
    else:
        raise InputError(f"{place}: a volume must be text or a mapping")
    if not target.startswith("/"):
        raise InputError(f"{place}: `{target or source}` is no absolute path inside the container")
    if kind == "bind":
        source = absolute(source, folder, home)
    return Volume(kind, source, posixpath.normpath(target), read_only)


def absolute(path: str, folder: str, home: str | None) -> str:
    """The path as it is from `/`, a leading `~` being the person's home."""
    if path == "~" or path.startswith("~/"):
        path = f"{home or '~'}{path[1:]}"
    return posixpath.normpath(posixpath.join(folder, path))


def _parts(text: str) -> tuple[str, str, list[str]]:
    parts = text.split(":")
    if len(parts) == 1:
        return "", parts[0], []
    return parts[0], parts[1], parts[2].split(",") if len(parts) > 2 else []
