"""A build as values: what is built, where, with how many jobs, and why so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devtool.model.report import Report

PLACES = ("devcontainer", "builder", "local")
PlaceName = Literal["devcontainer", "builder", "local"]


@dataclass(frozen=True)
class Target:
    """Something that can be built by name."""

    name: str
    line: str
    """The shell line that builds it in the checkout's root."""
    title: str = ""
    """Empty for one that only the Makefile knows."""
    environment: Mapping[str, str] = field(default_factory=dict)
    default: bool = False
    """Whether it is built where no name is given."""


@dataclass(frozen=True)
class Place:
    """Where a build runs, and why there."""

    name: PlaceName
    reason: str


@dataclass(frozen=True)
class Jobs:
    """How many jobs a build starts, and why so many."""

    count: int
    reason: str


@dataclass(frozen=True)
class BuildPlan:
    """One build, all of it decided and nothing of it done."""

    target: Target
    place: Place
    jobs: Jobs
    argv: tuple[str, ...]
    """What runs there."""
    folder: str
    """The folder it runs in, as that place sees it."""
    environment: Mapping[str, str]
    """What is set for it: the target's own, and the number of jobs."""
    gates: Report
    container: str | None = None
    """The container's name, None where it is not there yet or none is used."""
    image: str | None = None
    cache: str | None = None
    """The address of a compile cache that is shared, without its login."""
