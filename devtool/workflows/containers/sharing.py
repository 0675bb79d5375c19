"""A compile cache that machines share: used where it answers, left out with a word where it does not.

ccache itself would ask it again for every file: a name that cannot be
resolved costs each compiler twelve seconds.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.execution import ask
from devtool.adapters.remote_cache import RemoteCache, environment, parse
from devtool.adapters.repository import find_root
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.model.container import Blueprint, Container, Person
from devtool.system import System
from devtool.system.resources import resource

Asker = Callable[[list[str], Mapping[str, str]], Answer]
"""Runs a short command where the build will run, with these variables."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_REMOTE_HITS = ("remote_storage_hit", "secondary_storage_hit")
_REMOTE_TROUBLES = tuple(
    f"{kind}_storage_{what}" for kind in ("remote", "secondary") for what in ("error", "timeout")
)


@dataclass(frozen=True)
class Sharing:
    """What one build is told of the shared cache, and what ccache had counted before it."""

    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Carries the login: for the build alone."""
    note: str | None = None
    """Why nothing is shared, in a line."""
    shown: str = ""
    """The address without its login."""
    before: Mapping[str, int] | None = None
    """None where there is no ccache."""


def chosen(system: System, option: str | None) -> str | None:
    """The address by the command line, else `DEVTOOL_CACHE`, else `[container] cache` in `devtool.toml`.

    None where none says so; an empty one says that nothing is shared. Raises InputError.
    """
    url = system.env.get("DEVTOOL_CACHE") if option is None else option
    if url is None:
        return _stated(system)
    if url:
        parse(url)
    return url or None


def inside(system: System, api: Api, container: Container, person: Person) -> Asker:
    """Asks in the container, as the person."""
    user = f"{person.uid}:{person.gid}"

    def run(argv: list[str], variables: Mapping[str, str]) -> Answer:
        told = {**person.environment, **variables}
        return ask(system, api, container.id, argv, user=user, environment=told)

    return run


def here(system: System, env: Mapping[str, str]) -> Asker:
    """Asks on this machine, for a build that runs here with this environment."""

    def run(argv: list[str], variables: Mapping[str, str]) -> Answer:
        return system.process.run(argv, cwd="/", env={**env, **variables})

    return run


@contextmanager
def compiling(
    system: System, asker: Asker, blueprint: Blueprint, url: str | None, *, announce: bool
) -> Iterator[Mapping[str, str]]:
    """What a build is told of the cache that it shares; after it, what ccache spared it is said."""
    if url is None and not announce:
        yield {}
        return
    sharing = share(asker, blueprint, url)
    if announce and sharing.note:
        system.console.note(f"devtool: {sharing.note}")
    yield sharing.environment
    if announce and (line := told(asker, sharing)):
        system.console.note(f"devtool: {line}")


def share(asker: Asker, blueprint: Blueprint, url: str | None) -> Sharing:
    """Ask ccache what it can do and the storage whether it answers, which takes half a second at most.

    Raises InputError for an address that cannot be one.
    """
    if url is None:
        return Sharing(before=_counted(asker(_argv("", "", ""), {}).stdout))
    cache = parse(url)
    # ccache spreads what it stores over several hosts where the name has a star.
    host = "" if "*" in cache.host or cache.scheme == "https" else cache.host
    said = asker(_argv(cache.scheme, host, str(cache.port)), {"DEVTOOL_REQUEST": cache.request}).stdout
    lines = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    version = tuple(map(int, re.findall(r"\d+", lines.get("version", ""))[:2]))
    why = _why_not(cache, lines, version)
    return Sharing(
        environment={} if why else environment(url, blueprint, version),
        note=f"nothing is shared over `{cache.shown}`: {why}" if why else None,
        shown="" if why else cache.shown,
        before=_counted(said),
    )


def told(asker: Asker, sharing: Sharing) -> str | None:
    """What ccache spared the build, in a line; None where it compiled nothing or cannot be asked."""
    try:
        after = _counted(asker(_argv("", "", ""), {}).stdout) if sharing.before is not None else None
    except DevtoolError:
        return None
    if after is None or sharing.before is None:
        return None
    counted = {name: after[name] - sharing.before.get(name, 0) for name in after}
    hits = counted.get("direct_cache_hit", 0) + counted.get("preprocessed_cache_hit", 0)
    total = hits + counted.get("cache_miss", 0)
    if total <= 0:
        return None
    line = f"ccache: {hits} of {total} compilations were in the cache"
    remote = sum(counted.get(name, 0) for name in _REMOTE_HITS)
    troubles = sum(counted.get(name, 0) for name in _REMOTE_TROUBLES)
    if sharing.shown:
        line += f", {remote} of them from `{sharing.shown}`"
    return f"{line}; it failed {troubles} times" if troubles and sharing.shown else line


def _stated(system: System) -> str | None:
    from devtool.requirements.describing import find_container
    from devtool.requirements.tree import WorkingTree

    root = find_root(system, system.cwd)
    known = find_container(WorkingTree(system, root), posixpath.basename(root)) if root else None
    return known[0].cache or None if known else None


def _why_not(cache: RemoteCache, lines: Mapping[str, str], version: tuple[int, ...]) -> str | None:
    if not version:
        return "there is no ccache where the build runs"
    known = ".".join(map(str, version))
    if version < (4, 4):
        return f"ccache {known} where the build runs has no storage to share, 4.4 has"
    features = lines.get("features", "redis-storage http-storage").split()
    if f"{cache.scheme}-storage" not in features and "helper" not in lines:
        return f"ccache {known} where the build runs speaks no `{cache.scheme}`"
    if lines.get("reached") != "yes":
        own = "; inside a container that name means the container" if cache.host in _LOCAL else ""
        return f"it does not answer where the build runs{own}"
    return cache.refusal(lines["answer"]) if "answer" in lines else None


def _argv(*words: str) -> list[str]:
    return ["/bin/sh", "-c", _script(), "remote-cache", *words]


def _counted(text: str) -> dict[str, int] | None:
    counted: dict[str, int] = {}
    for line in text.splitlines():
        name, tab, number = line.partition("\t")
        if tab and number.isdigit():
            counted[name] = int(number)
    return counted or None


@lru_cache
def _script() -> str:
    text = resource("inside/remote_cache.sh")
    assert text is not None, "the package carries its scripts"
    return text
