"""What a checkout asks of one tool, how surely, and where it says so."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCES = ("enforced", "pinned", "declared", "documented", "inferred", "unknown")
"""Strongest first. `unknown`: something should state this need, and nothing readable did."""


@dataclass(frozen=True)
class Statement:
    """One place that says something about a tool."""

    value: str
    source: str
    """`path:line`, the path relative to the checkout's root."""


@dataclass(frozen=True)
class Requirement:
    """The need that wins, with every statement that disagrees with it kept."""

    tool: str
    specifier: str | None
    """PEP 440; empty when any version will do, None when not needed or unknown."""
    confidence: str
    source: str | None = None
    """`path:line` of the statement that won."""
    needed: bool = True
    """False when this checkout does without the tool on every supported platform."""
    also: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
    accepted: tuple[int, ...] | None = None
    """Major versions that work, best first (compilers only)."""
    toolchains: tuple[str, ...] = ()
    """Toolchains that the build calls by name, whatever the default one is (Rust only)."""
    image: str | None = None
    """Full reference of the builder image."""
    standard: int | None = None
    """The C++ standard, such as 17 or 20."""

    @property
    def extra_toolchains(self) -> tuple[str, ...]:
        """Those of `toolchains` that the specifier does not already name as the default."""
        default = (self.specifier or "").removeprefix("==").removesuffix(".*")
        return tuple(name for name in self.toolchains if name != default)

    @property
    def known(self) -> bool:
        """Whether the need could be read at all."""
        return self.confidence != "unknown"


@dataclass(frozen=True)
class PackageList:
    """Packages that one place of the checkout installs, and on which machines it does.

    What is empty or None leaves that open.
    """

    manager: str
    """As the place calls it: `apt-get`, `dnf`, `yum`, `brew`, …"""
    packages: tuple[Statement, ...]
    """Their names there."""
    origin: str
    """`installer`: a script for a person's machine; `image`: how the builder image is made."""
    os: str | None = None
    distributions: tuple[str, ...] = ()
    """The `ID`s of os-release."""
    releases: tuple[str, ...] = ()
    except_releases: tuple[str, ...] = ()
    architecture: str | None = None
    condition: str | None = None
    """What else decides, in the place's own words: only running it would tell."""
    unread: tuple[Statement, ...] = ()
    """Words of which only running it would tell the names."""


@dataclass(frozen=True)
class Needs:
    """Everything one checkout asks for."""

    project: str | None
    """The profile's name; None when nothing describes this folder."""
    root: str | None
    """Absolute path of the checkout's root."""
    requirements: tuple[Requirement, ...] = ()
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    ports: tuple[int, ...] = ()
    """TCP ports that running the project wants free."""
    conflicts: tuple[str, ...] = ()
    """Statements of the checkout that exclude each other, one line each."""
    packages: tuple[PackageList, ...] = ()
    """Packages of distributions, as the checkout's installer and builder images install them."""
    unread: tuple[str, ...] = ()
    """Files that should name packages and could not be read, and why: `path: why`."""

    def tool(self, name: str) -> Requirement | None:
        """The requirement for `name`, or None when the project says nothing of it."""
        return next((r for r in self.requirements if r.tool == name), None)
