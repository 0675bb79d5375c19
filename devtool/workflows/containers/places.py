"""Where Compose looks for its files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.workflows.containers.variables import Variables

if TYPE_CHECKING:
    from devtool.system import System

# In the order of the later generations; the first one begins with the last two.
DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


def chosen_files(system: System, root: str, stated: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Those of `compose_files`, unless `COMPOSE_FILE` of the environment or of `.env` names others.

    Raises InputError where one that it names is not there.
    """
    if stated and (len(stated) > 1 or posixpath.basename(stated[0]) not in DEFAULT_FILES):
        return compose_files(system, root, stated)
    variables = Variables(system, {})
    variables.read(f"{root}/.env", ".env")
    named = variables.lookup("COMPOSE_FILE")
    if not named:
        return compose_files(system, root, stated)
    separator = variables.lookup("COMPOSE_PATH_SEPARATOR") or ":"
    files = tuple(posixpath.normpath(posixpath.join(root, each)) for each in named.split(separator) if each)
    said_by = variables.settings()[0].said_by
    for path in files:
        if system.files.kind(path) != "file":
            raise InputError(f"there is no `{path}`, which `COMPOSE_FILE` names ({said_by})")
    return files


def compose_files(system: System, folder: str, stated: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files that Compose takes in the folder, or `stated` ones with what it would lay over them."""
    files = stated or tuple(_first(system, folder, DEFAULT_FILES))
    if len(files) == 1 and posixpath.basename(files[0]) in DEFAULT_FILES:
        return (*files, *_first(system, posixpath.dirname(files[0]), OVERRIDES))
    return files


def _first(system: System, folder: str, names: tuple[str, ...]) -> list[str]:
    found = (f"{folder.rstrip('/')}/{name}" for name in names)
    return [path for path in found if system.files.kind(path) == "file"][:1]
