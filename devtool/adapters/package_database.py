"""Which packages are installed, by asking the distribution's own database; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from devtool.errors import UnreadableError
from devtool.model.command import Answer
from devtool.system import System

DATABASES = (
    "/var/lib/dpkg/status",
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/var/lib/pacman/local",
    "/lib/apk/db/installed",
    "/opt/homebrew/Cellar",
    "/usr/local/Cellar",
)
"""Files and folders that change whenever a package comes or goes."""
PROGRAMS = ("dpkg-query", "rpm", "pacman", "apk", "brew")
# Changes that dpkg has not moved into its file of states yet.
_DPKG_NEWS = "/var/lib/dpkg/updates"
_HALF_WAY = re.compile(r"^Status: install \w+ (?:unpacked|half-installed|half-configured)$", re.MULTILINE)
_MOST_BYTES = 64 * 1024**2
_NONE_PROVIDES = "no package provides "


def installed_by_dpkg(system: System) -> frozenset[str]:
    """The packages that dpkg calls installed; none where there is no dpkg.

    Its own file rather than its lists of files: those of a removed package stay while settings of it do.
    """
    try:
        text = system.files.read_text(DATABASES[0], _MOST_BYTES) or ""
    except UnreadableError:
        return frozenset()
    found: set[str] = set()
    name = ""
    for line in text.split("\n"):
        if line.startswith("Package: "):
            name = line[9:]
        elif line.startswith("Status: ") and line.endswith(" installed"):
            found.add(name)
    return frozenset(found)


def dpkg_was_cut_off(system: System) -> bool:
    """Whether an installation by dpkg ended half-way, which apt goes no further from by itself."""
    if any(name.isdigit() for name in system.files.names(_DPKG_NEWS)):
        return True
    try:
        text = system.files.read_text(DATABASES[0], _MOST_BYTES) or ""
    except UnreadableError:
        return False
    return _HALF_WAY.search(text) is not None


def missing(system: System, manager: str, names: Sequence[str]) -> tuple[str, ...] | str:
    """Those that are neither installed nor provided by what is, or why the database cannot tell."""
    ask = {
        "apt-get": _by_dpkg,
        "dnf": _by_rpm,
        "yum": _by_rpm,
        "zypper": _by_rpm,
        "pacman": _by_pacman,
        "apk": _by_apk,
        "brew": _by_brew,
    }[manager]
    return ask(system, tuple(names))


def _by_dpkg(system: System, names: tuple[str, ...]) -> tuple[str, ...] | str:
    # All at once: only then are virtual packages seen, such as `pkg-config` that `pkgconf` provides.
    form = r"${Package}\t${db:Status-Status}\t${Provides}\n"
    answer = system.process.run(["dpkg-query", "-W", f"-f={form}"], cwd="/")
    if not answer.ok or answer.truncated:
        return _trouble(answer)
    there: set[str] = set()
    for line in answer.stdout.splitlines():
        package, status, provided = (*line.split("\t"), "", "")[:3]
        if status == "installed":
            there |= {package, *(each.split("(")[0].strip() for each in provided.split(","))}
    return tuple(name for name in names if name not in there)


def _by_rpm(system: System, names: tuple[str, ...]) -> tuple[str, ...] | str:
    answer = system.process.run(["rpm", "-q", "--whatprovides", *names], cwd="/")
    said = [
        line.removeprefix(_NONE_PROVIDES) for line in answer.output.splitlines() if _NONE_PROVIDES in line
    ]
    absent = tuple(name for name in names if name in said)
    return absent if answer.ok or (absent and _counted(answer)) else _trouble(answer)


def _by_pacman(system: System, names: tuple[str, ...]) -> tuple[str, ...] | str:
    # `-T` knows what other packages provide, which `-Q` does not; it exits with 127 where one is missing.
    answer = system.process.run(["pacman", "-T", *names], cwd="/")
    said = answer.stdout.split()
    absent = tuple(name for name in names if name in said)
    return absent if answer.ok or (absent and _counted(answer)) else _trouble(answer)


def _by_apk(system: System, names: tuple[str, ...]) -> tuple[str, ...] | str:
    answer = system.process.run(["apk", "info", "-e", *names], cwd="/")
    if answer.outcome != "ended" or answer.status not in (0, 1):
        return _trouble(answer)
    return tuple(name for name in names if name not in answer.stdout.split())


def _by_brew(system: System, names: tuple[str, ...]) -> tuple[str, ...] | str:
    answer = system.process.run(["brew", "list", "--formula", "-1"], cwd="/")
    return tuple(n for n in names if n not in answer.stdout.split()) if answer.ok else _trouble(answer)


def _counted(answer: Answer) -> bool:
    """Whether its status says how many are missing, and not that it was cut off."""
    return answer.status is not None and answer.status > 0


def _trouble(answer: Answer) -> str:
    return f"`{' '.join(answer.argv[:3])}` {answer.describe()}"
