"""Installing packages of the distribution: one action, however many tools ask for it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace

INSTALL: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("apt-get", "install", "-y"),
    "dnf": ("dnf", "install", "-y"),
    "yum": ("yum", "install", "-y"),
    "zypper": ("zypper", "--non-interactive", "install"),
    "pacman": ("pacman", "-S", "--needed", "--noconfirm"),
    "apk": ("apk", "add"),
    "brew": ("brew", "install"),
}
_REFRESH: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("apt-get", "update"),
    "pacman": ("pacman", "-Sy"),
    "apk": ("apk", "update"),
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


@dataclass(frozen=True)
class InstallPackages:
    """Install packages by one package manager."""

    manager: str
    """One of the keys of INSTALL."""
    packages: tuple[str, ...]
    tools: tuple[str, ...]
    """What they bring, in the field's words."""
    needs_root: bool
    refresh: bool = False
    """Whether the manager's lists must be fetched first (in a fresh container)."""
    fresh: tuple[str, ...] = ()
    """Those that were not there before, which undo removes."""
    before: tuple[tuple[str, ...], ...] = ()
    """Commands that must come first: they enable the sources that some of the packages come from."""
    download_bytes: int | None = None
    """What comes over the network, where that is known."""
    sources: str | None = None
    """A folder of sources that apt is to read for this once, in place of the machine's own."""

    @property
    def reason(self) -> str:
        """Why it is done, in one line."""
        return f"install {', '.join(self.tools)} with {self.manager}"

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def argvs(self) -> tuple[tuple[str, ...], ...]:
        """The commands, as root would run them."""
        elsewhere = _apt_options(self.sources) if self.sources else ()
        program, *words = INSTALL[self.manager]
        install = (program, *elsewhere, *words, *self.packages)
        refresh = _REFRESH.get(self.manager) if self.refresh or self.sources else None
        if refresh and self.sources:
            # Else apt throws away the lists of the sources that it does not read this time.
            refresh = (program, *elsewhere, "-o", "APT::Get::List-Cleanup=false", *refresh[1:])
        return (*self.before, *([refresh] if refresh else []), install)

    @property
    def command(self) -> str:
        """The commands as root would type them."""
        return " && ".join(map(shlex.join, self.argvs))

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand; however many commands, one `sudo`."""
        if not self.needs_root:
            return self.command
        return f"sudo {self.command}" if len(self.argvs) == 1 else f"sudo sh -c {shlex.quote(self.command)}"

    @property
    def undo_argv(self) -> tuple[str, ...] | None:
        """The command that takes it back; None where nothing came new."""
        return (*_REMOVE[self.manager], *self.fresh) if self.fresh else None

    def joined(self, other: InstallPackages) -> InstallPackages:
        """Both as one; they are of one manager."""
        return replace(
            self,
            packages=tuple(dict.fromkeys((*self.packages, *other.packages))),
            tools=tuple(dict.fromkeys((*self.tools, *other.tools))),
            refresh=self.refresh or other.refresh,
            fresh=tuple(dict.fromkeys((*self.fresh, *other.fresh))),
            before=tuple(dict.fromkeys((*self.before, *other.before))),
        )


def _apt_options(sources: str) -> tuple[str, ...]:
    return ("-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={sources}")
