"""Verdicts kept between runs, each for as long as the programs it rests on are the same files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from devtool import __version__
from devtool.adapters.version_managers import behind, choices
from devtool.checks.check import Check
from devtool.errors import DevtoolError
from devtool.model.codec import decode, encode
from devtool.model.host import Host
from devtool.model.remedy import AppendLine, MakeToolEnvironment, Remedy, RemoveJsonKey, RunCommand, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement, Statement
from devtool.system import System

_TYPES = (
    Finding,
    Requirement,
    Statement,
    Remedy,
    RunCommand,
    RemoveJsonKey,
    SetGitKey,
    AppendLine,
    MakeToolEnvironment,
)


class Verdicts:
    """What earlier runs found. Losing it costs time, nothing else, so every fault of the file is silent."""

    def __init__(self, system: System, host: Host, needs: Needs) -> None:
        self._system = system
        self._needs = needs
        # Free disk changes all the time and decides no verdict that is kept.
        self._surroundings = repr((__version__, replace(host, disk_free_bytes=None), needs))
        cache = system.directories.cache
        self._path = None if cache is None else f"{cache}/verdicts.json"
        self._kept: dict[str, Any] = self._load()
        self._changed = False

    def find(self, check: Check) -> Finding | None:
        """What the check saw last time, if nothing it rests on has changed."""
        entry = self._kept.get(check.id)
        if not check.programs or not isinstance(entry, dict) or entry.get("key") != self._key(check):
            return None
        try:
            found: Finding = decode(entry["finding"], *_TYPES)
        except (KeyError, TypeError):
            return None
        return found

    def keep(self, check: Check, finding: Finding) -> None:
        """Remember a verdict that rests on programs alone; what could not be told is asked again."""
        if check.programs and finding.severity in ("ok", "warning", "failure"):
            self._kept[check.id] = {"key": self._key(check), "finding": encode(finding)}
            self._changed = True

    def save(self) -> None:
        """Write what is new."""
        if not self._changed or self._path is None:
            return
        try:
            self._system.files.write(self._path, json.dumps(self._kept).encode(), mode=0o600)
        except DevtoolError:  # a read-only home costs the cache, not the examination
            return

    def _key(self, check: Check) -> str:
        files = self._system.files
        paths = [path for name in check.programs for path in self._system.process.which_all(name)]
        further = [place for path in paths for place in behind(self._system, path)]
        stamps = [files.stamp(path) for path in (*paths, *further, *check.files(self._system, self._needs))]
        variables = [self._system.env.get(name) for name in check.variables]
        return repr((stamps, variables, choices(self._system), self._surroundings))

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            data = json.loads(self._system.files.read_text(self._path) or "{}")
        except (DevtoolError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}
