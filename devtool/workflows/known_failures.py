"""What matching needs of our own knowledge, kept between runs for as long as its files are the same.

Parsing 130 files of TOML takes a third of a second, looking whether they changed a millisecond.
"""

from __future__ import annotations

import json
from typing import Any

from devtool import __version__
from devtool.errors import DevtoolError
from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import Entry, failure_ids, own_failures
from devtool.model.codec import decode, encode, parse_json
from devtool.system import System
from devtool.system.resources import resource_path


def own_entries(system: System) -> tuple[Entry, ...]:
    """The entries of our own failures."""
    cache = system.directories.cache
    path = None if cache is None else f"{cache}/knowledge.json"
    key = _key(system)
    if path is not None and (kept := _load(system, path, key)) is not None:
        return kept
    entries = tuple(map(Entry.of, own_failures()))
    if path is not None:
        content = json.dumps({"key": key, "entries": encode(entries)})
        try:
            system.files.write(path, content.encode(), mode=0o600)
        except DevtoolError:  # a read-only home costs the cache, not the diagnosis
            return entries
    return entries


def _load(system: System, path: str, key: str) -> tuple[Entry, ...] | None:
    try:
        kept: Any = parse_json(system.files.read_text(path) or "{}")
        if kept["key"] != key:
            return None
        entries: tuple[Entry, ...] = decode(kept["entries"], Entry, Pattern)
    except (DevtoolError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return entries


def _key(system: System) -> str:
    names = [f"knowledge/{failure_id}.toml" for failure_id in failure_ids()]
    # How files are read decides too, and an update between two releases leaves the version as it was.
    code = [f"knowledge/{name}.py" for name in ("failure", "library", "pattern", "reading")]
    stamps = [system.files.stamp(resource_path(name)) for name in (*names, *code)]
    return repr((__version__, [stamp and (stamp.path, stamp.size, stamp.modified_ns) for stamp in stamps]))
