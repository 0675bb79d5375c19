"""One service of one file in a form that can be laid over that of another file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devtool.adapters.compose.document import Marked
from devtool.adapters.compose.interpolation import Lookup
from devtool.adapters.compose.volumes import Volume, absolute, read_volume
from devtool.errors import InputError

_SCALARS = (
    "image", "platform", "user", "working_dir", "shm_size", "mem_limit", "init", "privileged", "network_mode",
    "container_name",
)  # fmt: skip
_LISTS = ("cap_add", "security_opt", "profiles")
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([bkmgt]?)(?:i?b)?", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """What the files read so far say of a service; every path absolute."""

    scalars: Mapping[str, str | None] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    build: Mapping[str, str] | None = None
    build_args: Mapping[str, str | None] = field(default_factory=dict)
    environment: Mapping[str, str | None] = field(default_factory=dict)
    """None is left to the environment of whoever starts it."""
    env_files: tuple[tuple[str, bool], ...] = ()
    """Each with whether it must be there."""
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    """By target."""
    ports: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()

    def under(self, other: Draft) -> Draft:
        """This one, with what a later file says laid over it."""
        return Draft(
            scalars={**self.scalars, **other.scalars},
            lists={key: _joined(self.lists.get(key, ()), other.lists.get(key, ())) for key in _LISTS},
            build=self.build if other.build is None else {**(self.build or {}), **other.build},
            build_args={**self.build_args, **other.build_args},
            environment={**self.environment, **other.environment},
            env_files=_joined(self.env_files, other.env_files),
            volumes={**self.volumes, **other.volumes},
            ports=_joined(self.ports, other.ports),
            depends_on=_joined(self.depends_on, other.depends_on),
        )

    def without(self, keys: Mapping[str, str]) -> Draft:
        """This one without what a later file resets, or says anew and alone."""
        return Draft(
            scalars={key: value for key, value in self.scalars.items() if key not in keys},
            lists={key: value for key, value in self.lists.items() if key not in keys},
            build=None if "build" in keys else self.build,
            build_args={} if "build" in keys else self.build_args,
            environment={} if "environment" in keys else self.environment,
            env_files=() if "env_file" in keys else self.env_files,
            volumes={} if "volumes" in keys else self.volumes,
            ports=() if "ports" in keys else self.ports,
            depends_on=() if "depends_on" in keys else self.depends_on,
        )


def draft(data: Mapping[str, Any], folder: str, home: str | None, place: str) -> Draft:
    """What one file says of a service. Raises InputError."""
    plain = {
        key: value.value if isinstance(value, Marked) else value
        for key, value in data.items()
        if not (isinstance(value, Marked) and value.tag == "!reset")
    }
    for key in _SCALARS:
        if isinstance(plain.get(key), (dict, list)):
            raise InputError(f"{place}: `{key}` must be text")
    volumes = [read_volume(each, folder, home, place) for each in _list(plain, "volumes", place)]
    build, args = _build(plain.get("build"), folder, home, place)
    return Draft(
        scalars={key: plain[key] for key in _SCALARS if key in plain},
        lists={key: tuple(str(each) for each in _list(plain, key, place)) for key in _LISTS if key in plain},
        build=build,
        build_args=args,
        environment=pairs(plain.get("environment"), f"{place}: `environment`"),
        env_files=tuple(_env_files(plain.get("env_file"), folder, home, place)),
        volumes={each.target: each for each in volumes},
        ports=tuple(_port(each) for each in _list(plain, "ports", place)),
        depends_on=tuple(_names(plain.get("depends_on"), place)),
    )


def marks(data: Mapping[str, Any]) -> dict[str, str]:
    """The keys that carry `!reset` or `!override`."""
    return {key: value.tag for key, value in data.items() if isinstance(value, Marked)}


def pairs(value: Any, place: str) -> dict[str, str | None]:
    """A mapping, or a list of `NAME=value`, as a mapping. Raises InputError."""
    if value is None:
        return {}
    if isinstance(value, dict):
        if any(isinstance(each, (dict, list)) for each in value.values()):
            raise InputError(f"{place} must map names to text")
        return dict(value)
    if isinstance(value, list):
        split = [str(each or "").partition("=") for each in value]
        return {name: said if equals else None for name, equals, said in split if name}
    raise InputError(f"{place} must be a mapping or a list")


def settled(values: Mapping[str, str | None], lookup: Lookup) -> dict[str, str]:
    """The values with those that were left open looked up; what nobody sets is not there."""
    found = {name: lookup(name) if value is None else value for name, value in values.items()}
    return {name: value for name, value in found.items() if value is not None}


def size_bytes(text: str | None, place: str) -> int | None:
    """Such as `2G`, in bytes. Raises InputError."""
    if not text:
        return None
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{place}: `{text}` is no size such as `2g`")
    return int(float(match[1]) * _UNITS[match[2].lower()])


def _build(
    value: Any, folder: str, home: str | None, place: str
) -> tuple[dict[str, str] | None, dict[str, str | None]]:
    if value is None:
        return None, {}
    said = {"context": value} if isinstance(value, str) else value
    if not isinstance(said, dict):
        raise InputError(f"{place}: `build` must be text or a mapping")
    made = {key: str(said[key]) for key in ("context", "dockerfile", "target") if said.get(key)}
    if "context" in made and "://" not in made["context"] and not made["context"].startswith("git@"):
        made["context"] = absolute(made["context"], folder, home)
    return made, pairs(said.get("args"), f"{place}: `build.args`")


def _env_files(value: Any, folder: str, home: str | None, place: str) -> list[tuple[str, bool]]:
    entries = value if isinstance(value, list) else [] if value is None else [value]
    found = []
    for entry in entries:
        said = entry if isinstance(entry, dict) else {"path": entry}
        path = said.get("path")
        if not isinstance(path, str) or not path:
            raise InputError(f"{place}: `env_file` must name files")
        found.append((absolute(path, folder, home), said.get("required") != "false"))
    return found


def _list(data: Mapping[str, Any], key: str, place: str) -> list[Any]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{place}: `{key}` must be a list")
    return value


def _names(value: Any, place: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, (list, dict)):
        raise InputError(f"{place}: `depends_on` must be a list or a mapping")
    return [str(name) for name in value]


def _port(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    address = f"{entry['host_ip']}:" if entry.get("host_ip") else ""
    published = f"{entry['published']}:" if entry.get("published") else ""
    protocol = entry.get("protocol")
    return f"{address}{published}{entry.get('target', '')}" + (f"/{protocol}" if protocol else "")


def _joined(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*first, *second)))
