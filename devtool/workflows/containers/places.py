"""Where Compose looks for its files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

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


def compose_files(system: System, folder: str, stated: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files that Compose takes in the folder, or `stated` ones with what it would lay over them."""
    files = stated or tuple(_first(system, folder, DEFAULT_FILES))
    if len(files) == 1 and posixpath.basename(files[0]) in DEFAULT_FILES:
        return (*files, *_first(system, posixpath.dirname(files[0]), OVERRIDES))
    return files


def _first(system: System, folder: str, names: tuple[str, ...]) -> list[str]:
    found = (f"{folder.rstrip('/')}/{name}" for name in names)
    return [path for path in found if system.files.kind(path) == "file"][:1]
