"""What packages are called: one TOML file a distribution in `devtool/packages`, and what each brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from devtool.model.host import Host
from devtool.system.resources import resource
from devtool.system.toml import loads

FILES = ("ubuntu", "debian", "rocky", "amazon", "fedora", "arch", "opensuse", "alpine", "macos")
FAMILIES: Mapping[str, str] = {"apt-get": "apt", "dnf": "rpm", "yum": "rpm", "zypper": "zypper"}
"""Managers that know the same names; every other is a family of its own."""


@dataclass(frozen=True)
class Capability:
    """What a package brings, whatever it is called."""

    id: str
    title: str
    lacking: str = "failure"
    programs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    checked_by: str | None = None
    spare: str | None = None


@dataclass(frozen=True)
class Distribution:
    """The names in one distribution."""

    file: str
    title: str
    manager: str
    ids: tuple[str, ...]
    releases: tuple[str, ...]
    """Those that the names were written for; empty where there are none."""
    names: Mapping[str, tuple[str, ...]]
    """By capability."""
    sources: Mapping[str, str]
    """Which source a package comes from, where it is not enabled at first."""
    commands: Mapping[str, tuple[tuple[str, ...], ...]]
    """What enables each source."""

    def release_of(self, version: str | None) -> str | None:
        """The release among those written for; `9.4` is one of `9`."""
        return next((r for r in self.releases if f"{version}.".startswith(f"{r}.")), None)

    def enabling(self, packages: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """What must run before these packages can be had."""
        wanted = dict.fromkeys(source for each in packages if (source := self.sources.get(each)))
        return tuple(argv for source in sorted(wanted) for argv in self.commands[source])


@lru_cache
def capabilities() -> Mapping[str, Capability]:
    """Every capability, by id."""
    return {name: _capability(name, facts) for name, facts in _data("capabilities").items()}


@lru_cache
def distribution(file: str) -> Distribution:
    """The names that one file holds."""
    data = _data(file)
    return Distribution(
        file=file,
        title=data["title"],
        manager=data["manager"],
        ids=tuple(data["distributions"]),
        releases=tuple(data["releases"]),
        names={name: _tuple(value) for name, value in data["names"].items()},
        sources=data.get("sources", {}),
        commands={
            name: tuple(tuple(argv) for argv in each["commands"])
            for name, each in data.get("source", {}).items()
        },
    )


def distribution_of(host: Host) -> Distribution | None:
    """The names that hold on this machine; None for a distribution, or a release so old, that none do."""
    known = next((each for name in FILES if host.distribution in (each := distribution(name)).ids), None)
    if known is None or (known.releases and _older(host.version, known.releases[0])):
        return None
    return known


def verified(file: str, release: str) -> frozenset[str]:
    """The names that were found in the release's own index."""
    return frozenset(_data("verified").get(f"{file}-{release}", {}).get("found", ()))


@lru_cache(maxsize=1024)
def capability_named(name: str, manager: str) -> Capability | None:
    """What a package brings that a manager knows by this name; None where nobody wrote it down."""
    known = capabilities()
    if exact := next((each for each in known.values() if name in each.names), None):
        return exact
    if name in known:
        return known[name]
    family = FAMILIES.get(manager, manager)
    for file in FILES:
        each = distribution(file)
        if FAMILIES.get(each.manager, each.manager) == family:
            for capability, names in each.names.items():
                if name in names:
                    return known[capability]
    return next((e for e in known.values() if any(fnmatchcase(name, form) for form in e.names)), None)


def _older(version: str | None, oldest: str) -> bool:
    numbers = [each.split(".") for each in (version or "", oldest)]
    if not all(part.isdigit() for parts in numbers for part in parts):
        return False
    mine, first = ([int(part) for part in parts] for parts in numbers)
    return mine[: len(first)] < first


def _capability(name: str, facts: dict[str, Any]) -> Capability:
    lists: dict[str, Any] = {key: _tuple(facts[key]) for key in ("programs", "names") if key in facts}
    return Capability(name, **(facts | lists))


def _tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@lru_cache
def _data(file: str) -> dict[str, Any]:
    text = resource(f"packages/{file}.toml")
    assert text is not None, "the package carries its data"
    return loads(text)
