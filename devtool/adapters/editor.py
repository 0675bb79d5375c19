"""Where VS Code and its kin keep their settings, and reading them whole."""

from __future__ import annotations

import posixpath

from devtool.errors import DevtoolError, InputError
from devtool.system import System

_NAMES = ("Code", "Code - Insiders", "VSCodium", "VSCodium - Insiders")


def checkout_file(system: System, root: str, name: str) -> str:
    """Where the checkout keeps an editor's file. Raises InputError where it would lie elsewhere."""
    folder = f"{root}/.vscode"
    if system.files.kind(folder) not in (None, "folder"):
        raise InputError(f"`{folder}` is a file, not a folder", "move it elsewhere, then try again")
    path = f"{folder}/{name}"
    real = system.files.real(path)
    if not real.startswith(f"{system.files.real(root).rstrip('/')}/"):
        # A checkout can carry links, and must not lead us to what the person keeps elsewhere.
        hint = "put a folder in place of the link, or edit that file by hand"
        raise InputError(f"`{path}` leads out of the checkout, to `{real}`", hint)
    return path


def user_files(system: System) -> list[str]:
    """The settings of this person, one file for each editor that is there.

    https://code.visualstudio.com/docs/configure/settings#_user-settingsjson-location
    Raises DevtoolError where there is no such editor.
    """
    home = system.machine.home(system.env)
    configured = system.env.get("XDG_CONFIG_HOME", "")
    base = configured if configured.startswith("/") else f"{home}/.config" if home else None
    if system.machine.kernel()[0] == "Darwin":
        base = f"{home}/Library/Application Support" if home else None
    if base is None:
        raise InputError("this user has no home folder", "set HOME")
    found = [f"{base}/{name}" for name in _NAMES if system.files.kind(f"{base}/{name}") == "folder"]
    if not found:
        raise DevtoolError(
            f"this user has no VS Code, Insiders or VSCodium: none of their folders is in `{base}`",
            "start it once; under WSL and over SSH, run this where the window is",
        )
    return [f"{folder}/User/settings.json" for folder in found]


def read_settings(system: System, path: str) -> str | None:
    """The file's text, every character of it; None where there is none.

    Raises InputError where it is no plain file of UTF-8, or too large for settings.
    """
    content = system.files.read_bytes(path)
    try:
        return None if content is None else content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"`{path}` is not UTF-8 at byte {error.start}", "save it as UTF-8") from None


def writable(system: System, path: str) -> bool:
    """Whether this user may put a file there, or another in place of the one that is."""
    if system.files.kind(path) is not None and not system.files.writable(path):
        return False
    folder = posixpath.dirname(system.files.real(path))
    while system.files.kind(folder) is None and folder != "/":
        folder = posixpath.dirname(folder)
    return system.files.writable(folder)
