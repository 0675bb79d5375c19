"""What stands behind a version manager's shim, whose own file decides nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devtool.system import System

_VARIABLES = ("PYENV_", "ASDF_", "MISE_", "GOENV_")
_CHOICES = ("{root}/version", "/.tool-versions", "/mise.toml")
_CHOICES_AT_HOME = ("{home}/.tool-versions", "{home}/.config/mise/config.toml", "{home}/.config/mise/conf.d")


def behind(system: System, path: str) -> tuple[str, ...]:
    """Settings and files that decide what the program at `path` is when run from `/`; empty for no shim.

    pyenv and goenv keep `ROOT/versions/VERSION/bin`, asdf and mise `ROOT/installs/TOOL/VERSION/bin`.
    """
    folder, name = posixpath.split(path)
    root = posixpath.dirname(folder)
    if posixpath.basename(folder) != "shims":
        return ()
    home = system.machine.home(system.env)
    chosen = [place.format(root=root) for place in _CHOICES]
    chosen += [place.format(home=home) for place in _CHOICES_AT_HOME if home]
    return (*chosen, *(f"{version}/bin/{name}" for version in _installed(system, root)))


def choices(system: System) -> tuple[str, ...]:
    """The environment variables by which version managers choose, as `NAME=VALUE`."""
    return tuple(f"{k}={v}" for k, v in sorted(system.env.items()) if k.startswith(_VARIABLES))


def _installed(system: System, root: str) -> Iterator[str]:
    for version in system.files.names(f"{root}/versions"):
        yield f"{root}/versions/{version}"
    for tool in system.files.names(f"{root}/installs"):
        for version in system.files.names(f"{root}/installs/{tool}"):
            yield f"{root}/installs/{tool}/{version}"
