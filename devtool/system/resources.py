"""The data files that travel inside the package."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def resource_path(name: str) -> str:
    """Absolute path of a data file of the package, such as `profiles/milvus.toml`."""
    return os.path.join(_PACKAGE, *name.split("/"))


def resource(name: str) -> str | None:
    """The text of a data file of the package, or None where there is none of that name."""
    try:
        with open(resource_path(name), encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def resource_names(folder: str) -> list[str]:
    """Sorted names of the data files in a folder of the package."""
    return sorted(os.listdir(resource_path(folder)))
