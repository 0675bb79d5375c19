"""Where a checkout begins."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtool.system import System

MARKS = ("devtool.toml", ".git")


def find_root(system: System, start: str) -> str | None:
    """The nearest folder from `start` upwards that holds `devtool.toml` or `.git`, or None."""
    folder = posixpath.normpath(posixpath.join(system.cwd, start))
    while True:
        if any(system.files.kind(posixpath.join(folder, mark)) for mark in MARKS):
            return folder
        above = posixpath.dirname(folder)
        if above == folder:
            return None
        folder = above
