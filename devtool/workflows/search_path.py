"""Which folders a build needs first on PATH: devtool's own, and those of tools that it calls by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devtool.adapters.homebrew import prefix_for
from devtool.errors import InputError
from devtool.model.environment import prepended
from devtool.requirements.exports import homebrew_prefix

if TYPE_CHECKING:
    from devtool.model.host import Host
    from devtool.model.requirement import Needs
    from devtool.system import System

_DEFAULT = "/usr/local/bin:/usr/bin:/bin"
_PARTS = {"cargo": "rust", "rustup": "rust"}


@dataclass
class SearchPath:
    """The folders for PATH, each with what it is there for."""

    folders: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """One line."""
        return "; ".join(f"{why}: `{folder}`" for folder, why in self.folders.items())


def search_path(
    system: System, host: Host, needs: Needs, calls: Sequence[str], env: Mapping[str, str]
) -> SearchPath:
    """What is to stand first on the PATH of `env`."""
    made = SearchPath()
    own = _shims(system)
    if own is not None:
        made.folders[own] = "devtool's tools come first"
    places = _usual_places(system, host)
    if host.os == "macos":
        _add_homebrew(system, host, made, env)
    wanted = [name for name in calls if _needed(needs, _PARTS.get(name, name))]
    for name in wanted:
        if find_program(system, made, env, name) is None:
            there = (folder for folder in places if system.files.executable(f"{folder}/{name}"))
            if (folder := next(there, None)) is not None:
                made.folders[folder] = f"`{name}` is in no other folder of PATH"
    rust = needs.tool("rust")
    if rust is not None and rust.toolchains and "cargo" in wanted:
        _add_rustup(system, made, env, rust.toolchains[0], places[0] if places else None)
    return made


def find_program(system: System, made: SearchPath, env: Mapping[str, str], name: str) -> str | None:
    """The program that the name will mean."""
    folders = prepended([*made.folders], env.get("PATH", _DEFAULT)).split(":")
    candidates = (f"{folder}/{name}" for folder in folders if folder.startswith("/"))
    return next((path for path in candidates if system.files.executable(path)), None)


def _shims(system: System) -> str | None:
    try:
        return system.directories.shims
    except InputError:  # no home
        return None


def _usual_places(system: System, host: Host) -> list[str]:
    """Where installers put tools, whether or not a shell was told."""
    home = host.home
    cargo = system.env.get("CARGO_HOME") or (f"{home}/.cargo" if home else None)
    brew = homebrew_prefix(system, host) if host.os == "macos" else prefix_for(host)
    places = [f"{cargo}/bin" if cargo else None, "/usr/local/go/bin", f"{home}/.local/bin" if home else None]
    return [*filter(None, places), f"{brew}/bin"]


def _add_homebrew(system: System, host: Host, made: SearchPath, env: Mapping[str, str]) -> None:
    """The Homebrew for this processor, where the scripts would meet another one or none."""
    folder = f"{homebrew_prefix(system, host)}/bin"
    found = find_program(system, made, env, "brew")
    if found != f"{folder}/brew" and system.files.executable(f"{folder}/brew"):
        made.folders[folder] = f"the scripts call `brew`, and this is the one for {host.architecture}"


def _add_rustup(
    system: System, made: SearchPath, env: Mapping[str, str], toolchain: str, folder: str | None
) -> None:
    found = find_program(system, made, env, "cargo")
    if found is None or folder is None or folder in made.folders:
        return
    beside = found.rpartition("/")[0]
    both = all(system.files.executable(f"{folder}/{name}") for name in ("cargo", "rustup"))
    if both and not system.files.executable(f"{beside}/rustup"):
        made.folders[folder] = f"the build calls `cargo +{toolchain}`, which only rustup's cargo knows"


def _needed(needs: Needs, tool: str) -> bool:
    need = needs.tool(tool)
    return need is None or need.needed
