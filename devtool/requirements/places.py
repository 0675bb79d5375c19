"""On which machines a part of an installer runs, as far as its conditions say so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_PROBE = re.compile(r"(?:command -v|which|type -P|hash) (apt|apt-get|dnf|yum|zypper|pacman|apk|brew)\b")
_ARCHITECTURE = re.compile(
    r"\b(?:arch|uname -m|ARCH|TARGETARCH)\b.* ==? *['\"]?(arm64|aarch64|x86_64|amd64)\b"
)
_ARCHITECTURES = {"aarch64": "arm64", "amd64": "x86_64"}
_RELEASE = re.compile(r"\d+(?:\.\d+)*")
_DISTRIBUTION = re.compile(r"[a-z][a-z_-]*")
_SYSTEMS = {"darwin": "macos", "linux": "linux"}
MANAGERS = {
    "apt": "apt-get",
    "apt-get": "apt-get",
    "dnf": "dnf",
    "microdnf": "dnf",
    "yum": "yum",
    "zypper": "zypper",
    "pacman": "pacman",
    "apk": "apk",
    "brew": "brew",
}
"""Programs that install packages, and the manager that each stands for."""


@dataclass(frozen=True)
class Place:
    """What must hold of a machine; what is empty or None is left open."""

    os: str | None = None
    manager: str | None = None
    distributions: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    except_releases: tuple[str, ...] = ()
    architecture: str | None = None
    condition: str | None = None
    """The first condition that only running the script would decide, in its own words."""

    def where(self, condition: str) -> Place:
        """Where the condition of an `if` holds as well."""
        negated = re.match(r"(?:\[\[? )?!", condition) is not None
        if not negated and not re.search(r" (?:&&|\|\|) ", condition):
            if probe := _PROBE.search(condition):
                return replace(self, manager=MANAGERS[probe[1]])
            if compared := _ARCHITECTURE.search(condition):
                return replace(self, architecture=_ARCHITECTURES.get(compared[1], compared[1]))
        return self.undecided(condition)

    def otherwise(self, condition: str) -> Place:
        """Where the condition of an `if` does not hold."""
        other = {"arm64": "x86_64", "x86_64": "arm64"}.get(self.where(condition).architecture or "")
        if other and self.architecture is None:
            return replace(self, architecture=other)
        return self.undecided(f"unless {condition}")

    def matching(self, patterns: tuple[str, ...], before: tuple[str, ...]) -> Place:
        """Where the subject of a `case` has one of these forms, and none of those before."""
        plain = [pattern.strip("\"'") for pattern in patterns]
        if plain == ["*"] and before and all(map(_RELEASE.fullmatch, before)):
            return replace(self, except_releases=before)
        if all(map(_RELEASE.fullmatch, plain)):
            return replace(self, releases=tuple(plain))
        systems = [_SYSTEMS.get(pattern.rstrip("*").lower()) for pattern in plain]
        if len(systems) == 1 and systems[0]:
            return replace(self, os=systems[0])
        if all(map(_DISTRIBUTION.fullmatch, plain)):
            return replace(self, distributions=tuple(plain))
        return self.undecided("|".join(plain))

    def undecided(self, condition: str) -> Place:
        """Where something holds besides that only running the script would tell."""
        return self if self.condition else replace(self, condition=" ".join(condition.split())[:200])

    def without(self, other: Place) -> Place:
        """This place without the other, which lies inside it."""
        if other == replace(self, releases=other.releases, except_releases=()):
            return replace(self, except_releases=(*self.except_releases, *other.releases))
        return self.undecided("unless something else is said further down")

    def within(self, other: Place) -> Place | None:
        """Where both hold; None where they exclude each other."""
        made = self
        for name in ("os", "manager", "architecture"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine and theirs and mine != theirs:
                return None
            made = replace(made, **{name: mine or theirs})
        both = [each for each in self.distributions if not other.distributions or each in other.distributions]
        if self.distributions and not both:
            return None
        releases = [
            each for each in self.releases or other.releases if each in (other.releases or self.releases)
        ]
        excluded = tuple(dict.fromkeys((*self.except_releases, *other.except_releases)))
        if (self.releases or other.releases) and not set(releases) - set(excluded):
            return None
        return replace(
            made,
            distributions=tuple(both) or other.distributions,
            releases=tuple(each for each in releases if each not in excluded),
            except_releases=() if releases else excluded,
            condition=self.condition or other.condition,
        )
