"""The checkout's needs, kept between runs for as long as the files that state them are the same.

Reading Milvus's takes some forty files and eighty patterns; looking whether
they changed takes as many `stat` calls.
"""

from __future__ import annotations

import json
from typing import Any

from devtool.adapters.repository import marks_above
from devtool.errors import DevtoolError
from devtool.model.codec import decode, encode, parse_json
from devtool.model.requirement import Needs, PackageList, Requirement, Statement
from devtool.system import System
from devtool.system.resources import code_identity

_KEPT_FOLDERS = 16


def known_needs(system: System) -> Needs:
    """What the checkout around `system.cwd` needs. Raises InputError for a broken `devtool.toml`."""
    kept = _load(system)
    entry = kept.get(system.cwd)
    if isinstance(entry, dict) and (needs := _still_true(system, entry)) is not None:
        return needs
    from devtool.requirements.needs import read

    reading = read(system, system.cwd)
    fresh = {
        "code": code_identity(system.files),
        "marks": marks_above(system, system.cwd),
        "consulted": {path: _stamp(system, path) for path in reading.consulted},
        "needs": encode(reading.needs),
    }
    others = [(path, each) for path, each in kept.items() if path != system.cwd]
    _save(system, {**dict(others[-_KEPT_FOLDERS:]), system.cwd: fresh})
    return reading.needs


def _still_true(system: System, entry: dict[str, Any]) -> Needs | None:
    try:
        if entry["code"] != code_identity(system.files):
            return None
        if entry["marks"] != marks_above(system, system.cwd):
            return None
        if any(stamp != _stamp(system, path) for path, stamp in entry["consulted"].items()):
            return None
        needs: Needs = decode(entry["needs"], Needs, PackageList, Requirement, Statement)
    except (AttributeError, KeyError, TypeError):
        return None
    return needs


def _stamp(system: System, path: str) -> list[int] | None:
    stamp = system.files.stamp(path)
    return None if stamp is None else [stamp.size, stamp.modified_ns, stamp.inode]


def _path(system: System) -> str | None:
    cache = system.directories.cache
    return None if cache is None else f"{cache}/needs.json"


def _load(system: System) -> dict[str, Any]:
    path = _path(system)
    try:
        data = parse_json((system.files.read_text(path) if path else None) or "{}")
    except (DevtoolError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _save(system: System, kept: dict[str, Any]) -> None:
    path = _path(system)
    if path is None:
        return
    try:
        system.files.write(path, json.dumps(kept).encode(), mode=0o600)
    except DevtoolError:  # a read-only home costs the cache, not the reading
        return
