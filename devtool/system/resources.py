"""The data files that travel inside the package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devtool import __version__

if TYPE_CHECKING:
    from devtool.system.doors import Files

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_DECIDING = ("adapters", "checks", "model", "packages", "profiles", "requirements", "requirements/rules")


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


def template(name: str) -> str:
    """The text of a template, such as `vscode/settings.json`.

    Only a built package carries them inside; run from a source tree, they lie beside it.
    """
    folders = (os.path.join(_PACKAGE, "templates"), os.path.dirname(_PACKAGE))
    path = next(p for f in folders if os.path.isfile(p := os.path.join(f, *name.split("/"))))
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def code_identity(files: Files) -> str:
    """What tells this very code from any other, for what is kept between runs.

    An update between two releases leaves the version as it was, and replaces files in these folders.
    """
    stamps = [files.stamp(resource_path(folder)) for folder in _DECIDING]
    return repr((__version__, [stamp and (stamp.modified_ns, stamp.inode) for stamp in stamps]))


def resource_names(folder: str) -> list[str]:
    """Sorted names of the data files in a folder of the package."""
    return sorted(os.listdir(resource_path(folder)))
