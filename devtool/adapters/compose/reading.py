"""Compose files as values, without Compose: merged, extended, included, every variable filled in.

Compose itself was refused for this: the first generation takes half a second
to say `config`, the answer would be lost where neither it nor Docker is
installed, and no line could be named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devtool.adapters.compose.document import Document, Marked, parse
from devtool.adapters.compose.interpolation import Lookup, UnfilledError, fill
from devtool.adapters.compose.service import Draft, draft, marks, settled, size_bytes
from devtool.adapters.compose.variables import read_variables
from devtool.adapters.compose.volumes import absolute
from devtool.errors import InputError
from devtool.model.container import Mount, Service

if TYPE_CHECKING:
    from devtool.system import System

_FILLED = ("name", "services", "volumes", "networks", "include")
_DEEPEST = 20
_MOST_INCLUDED = 500


@dataclass
class Composition:
    """All services of a project."""

    name: str | None = None
    """What the files themselves call the project."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    volumes: dict[str, str | None] = field(default_factory=dict)
    """The keys of `volumes`, and the name that a file itself gives the volume."""
    lines: dict[tuple[str, ...], str] = field(default_factory=dict)
    """`file:line` of every key, by its path; the last file counts."""
    used: dict[str, dict[str, None]] = field(default_factory=dict)
    """The variables that the text of each service names."""
    blank: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """Where a variable that nobody sets counts as empty, by path, and its name."""
    notes: list[str] = field(default_factory=list)

    def service(self, name: str, project: str, lookup: Lookup, system: System) -> Service:
        """The service as it would run in that project. Raises InputError."""
        made = self.drafts[name]
        scalars, place = made.scalars, self.lines.get(("services", name), name)
        return Service(
            name=name,
            image=scalars.get("image"),
            build=made.build,
            build_args=settled(made.build_args, lookup),
            platform=scalars.get("platform"),
            user=scalars.get("user"),
            working_dir=scalars.get("working_dir"),
            environment={**_from_files(made, lookup, system), **settled(made.environment, lookup)},
            mounts=tuple(self._mounts(made, project, place)),
            ports=made.ports,
            depends_on=made.depends_on,
            shm_bytes=size_bytes(scalars.get("shm_size"), place),
            memory_bytes=size_bytes(scalars.get("mem_limit"), place),
            init=scalars.get("init") == "true",
            privileged=scalars.get("privileged") == "true",
            cap_add=made.lists.get("cap_add", ()),
            security_opt=made.lists.get("security_opt", ()),
        )

    def _mounts(self, made: Draft, project: str, place: str) -> list[Mount]:
        found = []
        for each in made.volumes.values():
            if each.kind == "bind":
                found.append(Mount("bind", each.source, each.target, each.read_only))
            elif each.kind == "volume":
                if each.source and each.source not in self.volumes:
                    raise InputError(f"{place}: no `volumes` declare `{each.source}`, which it mounts")
                named = self.volumes.get(each.source) or (each.source and f"{project}_{each.source}")
                found.append(Mount("volume", named, each.target, each.read_only))
        return found


def read(system: System, files: tuple[str, ...], lookup: Lookup, folder: str, root: str = "") -> Composition:
    """What the files say together, paths starting from the project's folder. Raises InputError.

    Places are told from the checkout's `root` on.
    """
    reader = _Reader(system, root or folder)
    for path in files:
        reader.add(path, folder, lookup, 0)
    return reader.made


class _Reader:
    def __init__(self, system: System, root: str) -> None:
        self.system, self.root = system, root
        self.home = system.machine.home(system.env)
        self.made = Composition()
        self.documents: dict[str, Document] = {}
        self.included = 0

    def add(self, path: str, folder: str, lookup: Lookup, depth: int) -> None:
        """Lay a file over what is there."""
        document = self.document(path)
        name = self.shown(path)
        data = {key: self.filled(document, name, key, lookup) for key in _FILLED if key in document.data}
        self.include(data.get("include"), folder, path, lookup, depth)
        self.made.name = data.get("name") or self.made.name
        self.made.lines.update({place: f"{name}:{line}" for place, line in document.lines.items()})
        self.made.notes += [f"{each} stands twice; Compose 2 refuses that" for each in document.repeated]
        for key, volume in _mapping(data, "volumes", name).items():
            self.made.volumes[key] = _volume_name(key, volume)
        for service, said in _mapping(data, "services", name).items():
            if not isinstance(said, dict):
                raise InputError(f"{self.place(path, service)}: `{service}` must be a mapping")
            self.lay(service, self.extended(path, service, said, folder, lookup, 0), marks(said))

    def lay(self, service: str, new: Draft, marked: Mapping[str, str]) -> None:
        """Lay what a file says of a service over what others said of it."""
        before = self.made.drafts.get(service, Draft())
        self.made.drafts[service] = before.without(marked).under(new)

    def extended(
        self, path: str, service: str, said: dict[str, Any], folder: str, lookup: Lookup, depth: int
    ) -> Draft:
        """What a service says, laid over the one it extends."""
        place = self.place(path, service)
        own = draft(said, folder, self.home, place)
        extends = said.get("extends")
        if not extends:
            return own
        if depth > _DEEPEST:
            raise InputError(f"{place}: `extends` leads back to itself")
        named = {"service": extends} if isinstance(extends, str) else extends
        if not isinstance(named, dict) or not isinstance(named.get("service"), str):
            raise InputError(f"{place}: `extends` must name a service")
        other, there = path, folder
        if named.get("file"):
            other = absolute(str(named["file"]), folder, self.home)
            there = posixpath.dirname(other)
        document = self.document(other)
        services = self.filled(document, self.shown(other), "services", lookup) or {}
        base = services.get(named["service"]) if isinstance(services, dict) else None
        if not isinstance(base, dict):
            raise InputError(
                f"{place}: extends `{named['service']}`, which `{self.shown(other)}` does not hold"
            )
        below = self.extended(other, named["service"], base, there, lookup, depth + 1)
        return below.without(marks(said)).under(own)

    def include(self, entries: Any, folder: str, path: str, lookup: Lookup, depth: int) -> None:
        """Lay what the files that are included say below what follows."""
        if entries is None:
            return
        self.included += 1
        if depth > _DEEPEST or self.included > _MOST_INCLUDED or not isinstance(entries, list):
            raise InputError(f"{self.shown(path)}: `include` leads back to itself, or is no list")
        for entry in entries:
            said = entry if isinstance(entry, dict) else {"path": entry}
            named: Any = said.get("path")
            listed: list[Any] = named if isinstance(named, list) else [named]
            if not listed or not all(isinstance(each, str) and each for each in listed):
                raise InputError(f"{self.shown(path)}: `include` must name files")
            paths = [absolute(each, folder, self.home) for each in listed]
            stated = said.get("project_directory")
            there = absolute(str(stated), folder, self.home) if stated else posixpath.dirname(paths[0])
            files = said.get("env_file") or f"{there}/.env"
            within = lookup
            for each in files if isinstance(files, list) else [files]:
                within = with_file(self.system, absolute(str(each), folder, self.home), within)
            for each in paths:
                self.add(each, there, within, depth + 1)

    def filled(self, document: Document, name: str, key: str, lookup: Lookup) -> Any:
        """What stands under an outermost key, with the variables put in."""

        def put_in(value: Any, place: tuple[str, ...]) -> Any:
            if isinstance(value, str):
                return self.put_in(value, document, name, place, lookup)
            if isinstance(value, dict):
                return {each: put_in(inner, (*place, each)) for each, inner in value.items()}
            if isinstance(value, list):
                return [put_in(inner, place) for inner in value]
            return Marked(value.tag, put_in(value.value, place)) if isinstance(value, Marked) else value

        return put_in(document.data.get(key), (key,))

    def put_in(self, text: str, document: Document, name: str, place: tuple[str, ...], lookup: Lookup) -> str:
        """One text with the variables put in, which are remembered."""
        used = self.made.used.setdefault(place[1], {}) if len(place) > 1 and place[0] == "services" else {}

        def noted(variable: str) -> str | None:
            used[variable] = None
            return lookup(variable)

        try:
            return fill(text, noted, lambda variable: self.made.blank.append((place, variable)))
        except UnfilledError as error:
            nearer = (place[:length] for length in range(len(place), 0, -1))
            line = next((document.lines[each] for each in nearer if each in document.lines), 1)
            raise InputError(f"{name}:{line}: {error}") from None

    def document(self, path: str) -> Document:
        """The file's content. Raises InputError where there is none."""
        if path not in self.documents:
            text = self.system.files.read_text(path)
            if text is None:
                raise InputError(f"there is no `{self.shown(path)}`")
            self.documents[path] = parse(text, self.shown(path))
        return self.documents[path]

    def place(self, path: str, service: str) -> str:
        line = self.document(path).lines.get(("services", service), 1)
        return f"{self.shown(path)}:{line}"

    def shown(self, path: str) -> str:
        """The path as a person standing in the checkout would write it."""
        return path.removeprefix(f"{self.root}/")


def with_file(system: System, path: str, outer: Lookup) -> Lookup:
    """A lookup that asks `outer` first and then a file of variables, where there is one."""
    text = system.files.read_text(path)
    found = read_variables(text, posixpath.basename(path), outer) if text is not None else {}

    def lookup(name: str) -> str | None:
        said = outer(name)
        return said if said is not None or name not in found else found[name].value

    return lookup


def _from_files(made: Draft, lookup: Lookup, system: System) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, required in made.env_files:
        text = system.files.read_text(path)
        if text is None and required:
            raise InputError(f"there is no `{path}`, which `env_file` names")
        variables = read_variables(text or "", posixpath.basename(path), lookup)
        found |= settled({each.name: each.value for each in variables.values()}, lookup)
    return found


def _mapping(data: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{name}: `{key}` must be a mapping")
    return value


def _volume_name(key: str, said: Any) -> str | None:
    if not isinstance(said, dict):
        return None
    external = said.get("external")
    if isinstance(external, dict):
        return str(external.get("name") or key)
    return said.get("name") or (key if external == "true" else None)
