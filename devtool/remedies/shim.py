"""Placing the script that exposes a private tool, and never over somebody else's file."""

from __future__ import annotations

from devtool.errors import DevtoolError
from devtool.model.shim import SHIM_MARK
from devtool.system import System

MODE = 0o755


def place_for(system: System, path: str) -> bytes | None:
    """What is at the shim's place now: an older shim of ours, or None.

    Raises DevtoolError where it is anything else.
    """
    if system.files.link_target(path) is None:
        if system.files.kind(path) is None:
            return None
        content = system.files.read_bytes(path) if system.files.kind(path) == "file" else None
        if content is not None and SHIM_MARK.encode() in content.splitlines()[:2]:
            return content
    raise DevtoolError(
        f"`{path}` is in the way and was not made by devtool", "move it elsewhere, then try again"
    )
