"""What stands behind a shim, a version manager's or our own, whose own file decides nothing."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from devtool.errors import UnreadableError
from devtool.model.shim import SHIM_MARK
from devtool.system import System

_VARIABLES = ("PYENV_", "ASDF_", "MISE_", "GOENV_")
_CHOICES = ("{root}/version", "/.tool-versions", "/mise.toml")


def behind(system: System, path: str) -> tuple[str, ...]:
    """Settings and files that decide what the program at `path` is when run from `/`; empty for no shim.

    Ours, `devtool/bin/NAME`, says what it starts; pyenv and goenv keep `ROOT/versions/VERSION/bin`,
    asdf and mise `ROOT/installs/TOOL/VERSION/bin`.
    """
    folder, name = posixpath.split(path)
    root = posixpath.dirname(folder)
    if posixpath.basename(folder) == "bin" and posixpath.basename(root) == "devtool":
        return _private(system, path)
    if posixpath.basename(folder) != "shims":
        return ()
    home = system.machine.home(system.env)
    chosen = [place.format(root=root) for place in _CHOICES]
    shared = system.env.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else None)
    mise = system.env.get("MISE_CONFIG_DIR") or (f"{shared}/mise" if shared else None)
    chosen += [f"{home}/.tool-versions"] if home else []
    chosen += [f"{mise}/config.toml", f"{mise}/conf.d"] if mise else []
    return (*chosen, *(f"{version}/bin/{name}" for version in _installed(system, root)))


def choices(system: System) -> tuple[str, ...]:
    """The environment variables by which version managers choose, as `NAME=VALUE`."""
    return tuple(f"{k}={v}" for k, v in sorted(system.env.items()) if k.startswith(_VARIABLES))


def _private(system: System, path: str) -> tuple[str, ...]:
    """The program that a shim of ours starts, and the Python that it lives on."""
    try:
        lines = (system.files.read_text(path) or "").splitlines()
        words = shlex.split(lines[-1]) if SHIM_MARK in lines[:2] else []
    except (UnreadableError, ValueError):  # no text, or edited by somebody
        return ()
    return (words[1], f"{posixpath.dirname(words[1])}/python") if words[:1] == ["exec"] and words[1:] else ()


def _installed(system: System, root: str) -> Iterator[str]:
    for version in system.files.names(f"{root}/versions"):
        yield f"{root}/versions/{version}"
    for tool in system.files.names(f"{root}/installs"):
        for version in system.files.names(f"{root}/installs/{tool}"):
            yield f"{root}/installs/{tool}/{version}"
