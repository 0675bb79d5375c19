"""What git's configuration says, read by git itself, once for each place it is asked in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from devtool.model.host import Host
from devtool.model.requirement import Needs
from devtool.system import System


@dataclass(frozen=True)
class Setting:
    """One value, and the file that sets it as git names it (`file:/home/me/.gitconfig`)."""

    key: str
    """Section and name in lower case, as git prints them."""
    value: str
    origin: str

    @property
    def place(self) -> str:
        """The file's path, relative for the checkout's own."""
        return self.origin.removeprefix("file:")

    @property
    def own(self) -> bool:
        """Whether the checkout's own configuration sets it."""
        return re.search(r"(?:^|/)\.git/(?:.+/)?config(?:\.worktree)?$", self.place) is not None


@dataclass(frozen=True)
class Configuration:
    """Every setting in force, the last one of a key winning."""

    settings: tuple[Setting, ...]

    def last(self, key: str) -> Setting | None:
        """The setting that wins, or None."""
        return next((s for s in reversed(self.settings) if s.key == key), None)

    def value(self, key: str) -> str | None:
        """The value that wins, or None; an empty one counts as none."""
        found = self.last(key)
        return found.value.strip() or None if found else None

    def all(self, key: str) -> list[str]:
        """Every value of a key that may have several; an empty one discards those before it."""
        values: list[str] = []
        for setting in self.settings:
            if setting.key == key:
                values = [*values, setting.value] if setting.value else []
        return values


@dataclass(frozen=True)
class Unread:
    """Why there is no configuration to look at."""

    severity: Literal["skipped", "unknown"]
    reason: str
    evidence: tuple[str, ...] = ()


def read_outer(system: System) -> Configuration | Unread:
    """The configuration outside any checkout: the system's and the person's."""
    return _read(system, "/")


def read_here(system: System, needs: Needs) -> Configuration | Unread:
    """The configuration in force in the checkout, its own and conditional files included."""
    return _read(system, needs.root or "/")


def _read(system: System, folder: str) -> Configuration | Unread:
    # `git config` starts no hook, filter or fsmonitor, so it may run inside the checkout.
    answer = system.process.run(["git", "config", "--list", "--null", "--show-origin"], cwd=folder)
    if answer.outcome == "absent":
        return Unread("skipped", "`git` is not on PATH")
    if not answer.ok:
        lines = tuple(answer.stderr.strip().splitlines())
        return Unread(
            "unknown", f"git cannot read its configuration: `{answer.line}` {answer.describe()}", lines
        )
    words = answer.stdout.split("\0")
    settings = []
    for origin, entry in zip(words[0::2], words[1::2], strict=False):
        key, _, value = entry.partition("\n")
        settings.append(Setting(key, value, origin))
    return Configuration(tuple(settings))


def checkout_known(host: Host, needs: Needs) -> bool:
    """Whether there is a checkout to ask in."""
    return needs.root is not None
