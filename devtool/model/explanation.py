"""What is written about one id, for `devtool explain`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtool.model.diagnosis import Cure

Kind = Literal["check", "failure", "rule"]
"""A check looks at this machine, a failure is seen in logs, and a rule is kept by commits."""


@dataclass(frozen=True)
class Topic:
    """One id that can be explained, in a list."""

    kind: Kind
    id: str
    group: str
    """What a check gates, or the part of the build that a failure belongs to."""
    title: str


@dataclass(frozen=True)
class Explanation:
    """The page of one check, failure or rule."""

    kind: Kind
    id: str
    title: str
    meaning: str
    """What the check looks at, or why the failure happens."""
    why: str
    """Why a check or a rule matters; empty for a failure."""
    cures: tuple[Cure, ...]
    links: tuple[str, ...]
    summary: str = ""
    """A failure in one line; empty for a check, whose title says it."""
    signs: tuple[str, ...] = ()
    """How a failure is said in logs; `<word>` stands for what varies."""
    wrong: str = ""
    """Which tempting cure does not help, and why."""
    checks: tuple[str, ...] = ()
    """The checks that confirm a failure on a machine."""
    knowledge: str | None = None
    """The project's own file that states a failure; None where it is ours."""
