"""Where a checkout describes its dev container: flags, its profile, a `devcontainer.json`, Compose files."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.adapters import devcontainer
from devtool.adapters.repository import find_root, upwards
from devtool.errors import InputError
from devtool.requirements.containers import KnownContainer
from devtool.requirements.describing import find_container
from devtool.requirements.tree import WorkingTree
from devtool.workflows.containers.options import Options
from devtool.workflows.containers.places import chosen_files, compose_files

if TYPE_CHECKING:
    from devtool.system import System


__all__ = ["Options", "Source", "find_source"]


@dataclass(frozen=True)
class Source:
    """Where a checkout describes its dev container."""

    root: str
    known: KnownContainer
    profile: str
    """Who speaks: the profile's file name."""
    compose_files: tuple[str, ...] = ()
    devcontainer: devcontainer.Devcontainer | None = None
    stated_by_profile: bool = False
    """Whether it was the profile that named the Compose files."""


def find_source(system: System, options: Options) -> Source:
    """Flags first, then the profile, a `devcontainer.json`, and Compose files. Raises InputError."""
    root = _root(system)
    tree = WorkingTree(system, root)
    known, profile = find_container(tree, posixpath.basename(root)) or (KnownContainer(), "")
    source = Source(root, known, profile)
    if options.compose_files:
        files = tuple(posixpath.normpath(posixpath.join(system.cwd, each)) for each in options.compose_files)
        return replace(source, compose_files=files)
    if options.config:
        path = posixpath.normpath(posixpath.join(system.cwd, options.config))
        return _with(system, source, path)
    stated = tuple(f"{root}/{each}" for each in known.compose)
    if stated and all(system.files.kind(each) == "file" for each in stated):
        described = _described(system, root)
        files = chosen_files(system, root, stated)
        return replace(source, compose_files=files, devcontainer=described, stated_by_profile=True)
    found = f"{root}/{known.devcontainer}" if known.devcontainer else _only(system, root)
    if found:
        return _with(system, source, found)
    return replace(source, compose_files=chosen_files(system, root))


def _root(system: System) -> str:
    """The checkout's folder, links followed: as VS Code and Compose name it."""
    root = find_root(system, system.cwd)
    if root is None:
        root = next((each for each in upwards(system, system.cwd) if _describes(system, each)), system.cwd)
    return system.files.real(root)


def _describes(system: System, folder: str) -> bool:
    return bool(devcontainer.find(system, folder) or compose_files(system, folder))


def _with(system: System, source: Source, path: str) -> Source:
    """What a `devcontainer.json` names; Compose files that its own command is to make may be absent."""
    read = devcontainer.read(system, path, source.root)
    if read.compose_files is None:
        return replace(source, devcontainer=read)
    files = read.compose_files or chosen_files(system, source.root)
    absent = [each for each in files if system.files.kind(each) != "file"]
    if absent:
        files = compose_files(system, posixpath.dirname(absent[0]))
    if not files:
        named = ", ".join(f"`{each}`" for each in absent) or "Compose files"
        command = " ".join(read.hooks.get("initializeCommand", ((),))[0][-1:])
        raise InputError(
            f"`{path}` names {named}, which is not there",
            f"its `initializeCommand` may make it: `{command}`" if command else None,
        )
    return replace(source, compose_files=files, devcontainer=read)


def _described(system: System, root: str) -> devcontainer.Devcontainer | None:
    """The `devcontainer.json` beside Compose files that the profile names, where it is about Compose too."""
    found = devcontainer.find(system, root)
    if len(found) != 1:
        return None
    read = devcontainer.read(system, found[0], root)
    return read if read.compose_files is not None else None


def _only(system: System, root: str) -> str | None:
    found = devcontainer.find(system, root)
    if len(found) > 1:
        listed = ", ".join(f"`{each.removeprefix(f'{root}/')}`" for each in found)
        raise InputError(f"this checkout has several dev containers: {listed}", "name one by `--config PATH`")
    return found[0] if found else None
