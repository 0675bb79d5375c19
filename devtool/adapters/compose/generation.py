"""Which Composes are here: by asking each, as a file of one name may be any of them."""

from __future__ import annotations

import json
import posixpath
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devtool.adapters.engine.endpoint import config_path, read_config
from devtool.adapters.version_managers import behind
from devtool.errors import DevtoolError, UnreadableError
from devtool.model.codec import parse_json

if TYPE_CHECKING:
    from devtool.model.command import Answer
    from devtool.system import System

_WAYS = (("docker", "compose"), ("docker-compose",))
"""In the order in which VS Code takes them."""
_SHARED = ("/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec")
_VERSION = re.compile(r"v?(\d+)\.\d+\.\d+\S*")
_ASKING_SECONDS = 20.0


@dataclass(frozen=True)
class Compose:
    """One that answers."""

    argv: tuple[str, ...]
    """How its commands begin."""
    version: str
    major: int

    @property
    def first(self) -> bool:
        """Whether it is of the first generation, whose containers the later ones make anew."""
        return self.major == 1

    @property
    def command(self) -> str:
        """As a person types it."""
        return " ".join(self.argv)


def choose(system: System, made_by: str | None = None) -> Compose:
    """The Compose for a project whose containers `made_by` made, as their label says; None: for a new one.

    Raises DevtoolError where there is none, or none of that generation.
    """
    found = installed(system)
    if not found:
        raise DevtoolError(
            "Docker Compose is not installed: neither `docker compose` nor `docker-compose` answers",
            "`devtool explain compose` says how to install it",
        )
    major = _major(made_by) if made_by else None
    if major is None:
        return found[0]
    same = [each for each in found if each.major == major]
    alike = same or [each for each in found if each.first == (major == 1)]
    if alike:
        return alike[0]
    here = ", ".join(f"{each.version} (`{each.command}`)" for each in found)
    raise DevtoolError(
        f"Compose {made_by} made this project's containers, and only Compose {here} is installed,"
        " which would make them all anew",
        f"install Compose {major}, or remove them by `devtool container down` and start afresh",
    )


def installed(system: System) -> tuple[Compose, ...]:
    """Every Compose that answers, the plugin first; remembered while the programs are the same files."""
    memory = _Memory(system)
    found = memory.recall()
    if found is None:
        answers = [_ask(system, way) for way in _WAYS]
        found = tuple(
            each for way, answer in zip(_WAYS, answers, strict=True) if (each := _told(way, answer))
        )
        # A machine that was too busy to answer is asked again.
        if all(answer.outcome != "timed-out" for answer in answers):
            memory.keep(found)
    return found


def plugin_places(system: System) -> list[str]:
    """Where Docker's client looks for the plugin, by cli-plugins/manager of docker/cli and config.json."""
    config = config_path(system)
    own = [config, f"{posixpath.dirname(config)}/cli-plugins/docker-compose"] if config else []
    shared = [f"{place}/docker/cli-plugins" for place in _SHARED]
    return [*own, *(f"{place}/docker-compose" for place in (*_added(system), *shared))]


def _ask(system: System, way: tuple[str, ...]) -> Answer:
    return system.process.run([*way, "version", "--short"], cwd="/", timeout_seconds=_ASKING_SECONDS)


def _told(way: tuple[str, ...], answer: Answer) -> Compose | None:
    match = _VERSION.match(answer.stdout.strip())
    return Compose(way, match[0].removeprefix("v"), int(match[1])) if answer.ok and match else None


def _major(version: str) -> int | None:
    match = _VERSION.match(version)
    return int(match[1]) if match else None


def _added(system: System) -> list[str]:
    """The folders that `config.json` adds, as Homebrew tells people to."""
    with suppress(UnreadableError):
        added = read_config(system).get("cliPluginsExtraDirs")
        return [place for place in added if isinstance(place, str)] if isinstance(added, list) else []
    return []


class _Memory:
    """What was answered last time. Losing it costs half a second, so every fault of the file is silent."""

    def __init__(self, system: System) -> None:
        self.system = system
        cache = system.directories.cache
        self.path = None if cache is None else f"{cache}/compose.json"
        programs = [path for name in ("docker", "docker-compose") for path in system.process.which_all(name)]
        further = [place for path in programs for place in behind(system, path)]
        files = (*programs, *further, *plugin_places(system))
        self.key = repr([system.files.stamp(path) for path in files])

    def recall(self) -> tuple[Compose, ...] | None:
        try:
            data = parse_json(self.system.files.read_text(self.path) or "{}") if self.path else {}
            if data.get("key") != self.key:
                return None
            return tuple(_revived(each) for each in data["found"])
        except (AttributeError, DevtoolError, KeyError, TypeError, ValueError):
            return None

    def keep(self, found: tuple[Compose, ...]) -> None:
        if self.path is None:
            return
        rows = [{"argv": each.argv, "version": each.version, "major": each.major} for each in found]
        with suppress(DevtoolError):  # a read-only home
            content = json.dumps({"key": self.key, "found": rows})
            self.system.files.write(self.path, content.encode(), mode=0o600)


def _revived(data: Any) -> Compose:
    made = Compose(tuple(map(str, data["argv"])), str(data["version"]), int(data["major"]))
    if made.argv not in _WAYS:
        raise ValueError(made.argv)
    return made
