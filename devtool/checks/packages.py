"""Ways to get a tool: the distribution's package manager, or a private environment from PyPI."""

from __future__ import annotations

from collections.abc import Mapping

from devtool.adapters.package_database import dpkg_was_cut_off, installed_by_dpkg
from devtool.adapters.package_names import distribution_of
from devtool.adapters.versions import satisfies
from devtool.model.host import Host
from devtool.model.packages import INSTALL, InstallPackages
from devtool.model.remedy import Remedy
from devtool.model.toolchain import MakeToolEnvironment
from devtool.system import System

Packages = Mapping[str, tuple[str, ...]]
"""Package names by package manager."""
_EVERYWHERE = ("apt-get", "dnf", "yum", "zypper", "pacman", "apk", "brew")

# Where the lists of each manager lie that does not fetch them by itself, and what their names hold.
_LISTS = {
    "apt-get": ("/var/lib/apt/lists", "Packages"),
    "pacman": ("/var/lib/pacman/sync", ".db"),
    "apk": ("/var/cache/apk", "APKINDEX"),
}
# The first leaves unconfigured what lacks a package, and says so by its status; the second brings that.
_GO_ON = ("sh", "-c", "dpkg --configure -a; apt-get install --fix-broken -y")


def same_name(name: str) -> Packages:
    """Packages called alike by every package manager."""
    return dict.fromkeys(_EVERYWHERE, (name,))


def from_packages(system: System, host: Host, packages: Packages, *, tool: str) -> Remedy | None:
    """Install by the first package manager here that carries the tool; None when none does."""
    known = distribution_of(host)
    if known is not None and known.manager in packages and tool in known.names:
        packages = {**packages, known.manager: known.names[tool]}
    manager = next((name for name in host.package_managers if name in packages and name in INSTALL), None)
    if manager is None:
        return None
    wanted = packages[manager]
    return install(system, host, manager, wanted, tools=(tool,)) if wanted else None


def install(
    system: System, host: Host, manager: str, wanted: tuple[str, ...], *, tools: tuple[str, ...]
) -> Remedy:
    """Install these packages of the distribution."""
    known = distribution_of(host)
    there = installed_by_dpkg(system)
    enabling = known.enabling(wanted) if known is not None and known.manager == manager else ()
    cut_off = manager == "apt-get" and dpkg_was_cut_off(system)
    action = InstallPackages(
        manager,
        wanted,
        tools,
        needs_root=manager != "brew" and not host.is_root,
        # A fresh container has no lists, and the manager then knows no package at all.
        refresh=not _has_lists(system, manager),
        # Packages that are there before are not undo's to remove.
        fresh=tuple(each for each in wanted if each not in there),
        before=(*((_GO_ON,) if cut_off else ()), *enabling),
    )
    return Remedy(f"`{action.preview}`", (action,))


def may_install(system: System, remedy: Remedy) -> bool:
    """Whether this user can be root as far as the remedy needs it."""
    return not any(action.needs_root for action in remedy.actions) or system.process.which("sudo") is not None


def in_environment(
    system: System,
    *,
    tool: str,
    version: str,
    reason: str,
    python_specifier: str = ">=3.8",
    shim: str | None = None,
    further: tuple[str, ...] = (),
) -> Remedy:
    """Install one version from PyPI in an environment of its own, behind a shim for each of its commands.

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
        further=further,
    )
    words = f"`devtool doctor --fix --only {tool}` installs {tool} {version} in an environment of its own"
    return Remedy(words, (action,))


def first_fitting(versions: tuple[str, ...], specifier: str) -> str | None:
    """The first of `versions` that satisfies the specifier."""
    return next((version for version in versions if satisfies(version, specifier)), None)


def _has_lists(system: System, manager: str) -> bool:
    if manager not in _LISTS:
        return True
    folder, mark = _LISTS[manager]
    return any(mark in name for name in system.files.names(folder))
