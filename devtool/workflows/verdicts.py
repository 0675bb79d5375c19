"""Verdicts kept between runs, each for as long as the programs it rests on are the same files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from devtool.adapters.version_managers import behind, choices
from devtool.checks.check import Check
from devtool.errors import DevtoolError
from devtool.model.codec import decode, encode, parse_json
from devtool.model.host import Host
from devtool.model.packages import InstallPackages
from devtool.model.redaction import redact
from devtool.model.remedy import AppendLine, Remedy, RemoveJsonKey, RunCommand, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement, Statement
from devtool.model.toolchain import InstallArchive, InstallRustup, MakeToolEnvironment
from devtool.system import System
from devtool.system.resources import code_identity

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
    InstallArchive,
    InstallRustup,
    InstallPackages,
)
_KEPT_CHECKOUTS = 16
_PLACES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "UV_PYTHON_INSTALL_DIR")
"""Where tools keep what checks look at and remedies make, whichever check it is."""


class Verdicts:
    """What earlier runs found. Losing it costs time, nothing else, so every fault of the file is silent."""

    def __init__(self, system: System, host: Host, needs: Needs) -> None:
        self._system = system
        self._needs = needs
        # Free disk changes all the time and decides no verdict that is kept.
        lasting = replace(host, disk_free_bytes=None)
        places = [system.env.get(name) for name in _PLACES]
        self._surroundings = repr((code_identity(system.files), lasting, places, needs))
        cache = system.directories.cache
        self._path = None if cache is None else f"{cache}/verdicts.json"
        self._all = self._load()
        mine = self._all.pop(needs.root or "", None)
        same = isinstance(mine, dict) and mine.get("surroundings") == self._surroundings
        checks = mine.get("checks") if same else None
        self._kept: dict[str, Any] = checks if isinstance(checks, dict) else {}
        self._changed = False
        self._stamps: dict[str, str] = {}

    def known(self, check_id: str) -> Finding | bool | None:
        """What the check saw last time if nothing it rests on has changed, False if it did not apply."""
        entry = self._kept.get(check_id)
        try:
            if entry is None or entry["key"] != self._key(*entry["rests_on"]):
                return None
            if entry["finding"] is None:
                return False
            found: Finding = decode(entry["finding"], *_TYPES)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return found

    def keep(self, check: Check, finding: Finding | None) -> None:
        """Remember a verdict that rests on programs alone, or None for a check that does not apply here.

        What could not be told is asked again.
        """
        if finding is None:
            self._put(check.id, (), (), (), None)
        elif check.programs and finding.severity in ("ok", "warning", "failure", "skipped"):
            files = tuple(check.files(self._system, self._needs))
            self._put(check.id, check.programs, files, check.variables, finding)

    def save(self) -> None:
        """Write what is new."""
        if not self._changed or self._path is None:
            return
        others = list(self._all.items())[-_KEPT_CHECKOUTS:]
        mine = {"surroundings": self._surroundings, "checks": self._kept}
        content = json.dumps({**dict(others), self._needs.root or "": mine})
        try:
            self._system.files.write(self._path, content.encode(), mode=0o600)
        except DevtoolError:  # a read-only home costs the cache, not the examination
            return

    def _put(
        self,
        check_id: str,
        programs: Sequence[str],
        files: Sequence[str],
        variables: Sequence[str],
        finding: Finding | None,
    ) -> None:
        self._kept[check_id] = {
            "rests_on": [programs, files, variables],
            "key": self._key(programs, files, variables),
            "finding": encode(finding),
        }
        self._changed = True

    def _key(self, programs: Sequence[str], files: Sequence[str], variables: Sequence[str]) -> str:
        further = [repr(self._system.files.stamp(path)) for path in files]
        # The address of a mirror may carry a login, which decides nothing.
        values = [None if (v := self._system.env.get(name)) is None else redact(v) for name in variables]
        return repr(([self._stamped(name) for name in programs], further, values))

    def _stamped(self, program: str) -> str:
        """The state of every file of that name on PATH, and of what a version manager's shim stands for."""
        if program not in self._stamps:
            paths = self._system.process.which_all(program)
            further = [place for path in paths for place in behind(self._system, path)]
            stamps = [self._system.files.stamp(path) for path in (*paths, *further)]
            self._stamps[program] = repr((stamps, choices(self._system)))
        return self._stamps[program]

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            data = parse_json(self._system.files.read_text(self._path) or "{}")
        except (DevtoolError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}
