"""Ways to get a tool: the distribution's package manager, or a private environment from PyPI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from devtool.adapters.versions import satisfies
from devtool.model.host import Host
from devtool.model.remedy import MakeToolEnvironment, Remedy, RunCommand
from devtool.system import System

Packages = Mapping[str, tuple[str, ...]]
"""Package names by package manager."""
_EVERYWHERE = ("apt-get", "dnf", "yum", "zypper", "pacman", "apk", "brew")

_INSTALL: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("apt-get", "install", "-y"),
    "dnf": ("dnf", "install", "-y"),
    "yum": ("yum", "install", "-y"),
    "zypper": ("zypper", "--non-interactive", "install"),
    "pacman": ("pacman", "-S", "--needed", "--noconfirm"),
    "apk": ("apk", "add"),
    "brew": ("brew", "install"),
}
# These stop where something else depends on the package by now; `apt-get remove -y` and `dnf remove -y`
# would take that away too.
_REMOVE: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("dpkg", "--remove"),
    "dnf": ("rpm", "--erase"),
    "yum": ("rpm", "--erase"),
    "zypper": ("rpm", "--erase"),
    "pacman": ("pacman", "-R", "--noconfirm"),
    "apk": ("apk", "del"),
    "brew": ("brew", "uninstall"),
}
_APT_LISTS = "/var/lib/apt/lists"
_DPKG_INFO = "/var/lib/dpkg/info"
# Lists installed nothing, so there is nothing to take back.
_APT_UPDATE = RunCommand(("apt-get", "update"), "fetch apt's package lists", True, undo_argv=("true",))


def same_name(name: str) -> Packages:
    """Packages called alike by every package manager."""
    return dict.fromkeys(_EVERYWHERE, (name,))


def from_packages(system: System, host: Host, packages: Packages, *, tool: str) -> Remedy | None:
    """Install by the first package manager here that carries the tool; None when none does."""
    manager = next((name for name in host.package_managers if name in packages and name in _INSTALL), None)
    if manager is None:
        return None
    needs_root = manager != "brew" and not host.is_root
    install = RunCommand(
        (*_INSTALL[manager], *packages[manager]),
        f"install {tool} with {manager}",
        needs_root,
        _removal(system, manager, packages[manager]),
    )
    actions: tuple[RunCommand, ...] = (install,)
    # A fresh container has no lists, and apt then knows no package at all.
    if manager == "apt-get" and not any("Packages" in name for name in system.files.names(_APT_LISTS)):
        actions = (_APT_UPDATE if needs_root else replace(_APT_UPDATE, needs_root=False), install)
    return Remedy("; ".join(f"`{action.preview}`" for action in actions), actions)


def in_environment(
    system: System,
    *,
    tool: str,
    version: str,
    reason: str,
    python_specifier: str = ">=3.8",
    shim: str | None = None,
) -> Remedy:
    """Install one version from PyPI in an environment of its own, behind a shim.

    Raises InputError for a person without a home.
    """
    directories = system.directories
    action = MakeToolEnvironment(
        tool=tool,
        version=version,
        python_specifier=python_specifier,
        environment=f"{directories.data}/environments/{tool}-{version}",
        shim=f"{directories.shims}/{shim or tool}",
        reason=reason,
    )
    words = f"`devtool doctor --fix --only {tool}` installs {tool} {version} in an environment of its own"
    return Remedy(words, (action,))


def first_fitting(versions: tuple[str, ...], specifier: str) -> str | None:
    """The first of `versions` that satisfies the specifier."""
    return next((version for version in versions if satisfies(version, specifier)), None)


def _removal(system: System, manager: str, packages: tuple[str, ...]) -> tuple[str, ...] | None:
    """What takes the installation back; packages that are there before it are not its to remove."""
    fresh = [each for each in packages if system.files.kind(f"{_DPKG_INFO}/{each}.list") is None]
    return (*_REMOVE[manager], *fresh) if fresh else None
