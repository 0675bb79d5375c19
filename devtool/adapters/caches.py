"""Where build tools keep what they can use again, and which folders inside a container hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from devtool.model.container import Mount, Service
from devtool.model.requirement import Needs

FOLDER = "/var/cache/devtool"
"""Where our volumes lie inside: no image has anything there."""


@dataclass(frozen=True)
class Cache:
    """One cache of one tool."""

    name: str
    tool: str
    """The requirement that asks for it."""
    variable: str | None
    """What tells the tool its place; None where links do."""
    endings: tuple[str, ...]
    """How the paths end at which people mount it."""
    below: str = ""
    """Where it lies under what the variable says."""

    def place(self, decided: Mapping[str, str]) -> str:
        """Where it is to be mounted in a container with this environment."""
        said = decided.get(self.variable or "", "")
        return f"{said.rstrip('/')}{self.below}" if said.startswith("/") else self.own_place

    @property
    def own_place(self) -> str:
        """Where ours is mounted."""
        return f"{FOLDER}/{self.name}{self.below}"

    def is_at(self, target: str, decided: Mapping[str, str]) -> bool:
        """Whether what is mounted there is this cache."""
        return target == self.place(decided) or target.endswith(self.endings)

    def said(self, target: str) -> str:
        """The variable's value for a cache that is mounted there."""
        return target.removesuffix(self.below) or "/"


CACHES = (
    Cache("ccache", "ccache", "CCACHE_DIR", ("/ccache", "/.ccache")),
    Cache("go-build", "go", "GOCACHE", ("/go-build",)),
    Cache("go-mod", "go", "GOMODCACHE", ("/pkg/mod", "/go-mod")),
    Cache("cargo", "rust", None, ("/.cargo", "/cargo", "/cargo/registry", "/.cargo/registry")),
    Cache("conan2", "conan", "CONAN_HOME", ("/.conan2",)),
    Cache("conan1", "conan", "CONAN_USER_HOME", ("/.conan",), below="/.conan"),
)
CARGO = next(cache for cache in CACHES if cache.name == "cargo")
_BY_FILE = {"go.mod": "go", "Cargo.toml": "rust", "conanfile.py": "conan", "conanfile.txt": "conan"}
_CONAN = re.compile(r"([=<>~!]*) *(\d+)")
_COMPILED = ("CMakeLists.txt", "configure.ac", "meson.build")


def wanted(needs: Needs, files: Iterable[str], decided: Mapping[str, str]) -> tuple[Cache, ...]:
    """The caches of a project that asks for these tools; its files tell where nothing says what it asks."""
    tools = {each.tool for each in needs.requirements if each.needed}
    if not needs.requirements:
        names = set(files)
        tools = {tool for file, tool in _BY_FILE.items() if file in names}
        tools |= {"ccache"} if names.intersection(_COMPILED) else set()
    left_out = {"conan2"} if _asks_for_conan_1(needs, decided) else {"conan1"}
    return tuple(cache for cache in CACHES if cache.tool in tools and cache.name not in left_out)


def missing(caches: Iterable[Cache], service: Service, project: str) -> tuple[Mount, ...]:
    """Volumes for those that the service does not mount itself, each with a name that tells the project."""
    targets = [mount.target for mount in service.mounts]
    return tuple(
        Mount("volume", volume(project, cache), cache.place(service.environment))
        for cache in caches
        if not any(
            cache.is_at(target, service.environment) or covers(target, cache.place(service.environment))
            for target in targets
        )
    )


def volume(project: str, cache: Cache) -> str:
    """The name of our volume for it."""
    return f"{project}-devtool-{cache.name}"


def is_ours(project: str, name: str) -> bool:
    """Whether a volume of that name is one of ours for the project."""
    return name.startswith(f"{project}-devtool-")


def environment(targets: Iterable[str], decided: Mapping[str, str]) -> dict[str, str]:
    """What tells the tools of the caches that are mounted there, where nothing else has."""
    found: dict[str, str] = {}
    for target in targets:
        for cache in CACHES:
            name = cache.variable
            if name and name not in decided and name not in found and cache.is_at(target, decided):
                found[name] = cache.said(target)
    return found


def covers(folder: str, path: str) -> bool:
    """Whether the path is the folder or lies in it."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _asks_for_conan_1(needs: Needs, decided: Mapping[str, str]) -> bool:
    conan = needs.tool("conan")
    said = _CONAN.search(conan.specifier or "") if conan else None
    if said is None:
        return "CONAN_USER_HOME" in decided and "CONAN_HOME" not in decided
    return said[2] == "1" or said[1] + said[2] == "<2"
