"""Why a tool is needed as it is: the line that says so, and the commit behind it."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.model.requirement import Requirement


@dataclass(frozen=True)
class Change:
    """The commit that last changed a line."""

    commit: str
    date: str
    """Day of the commit, UTC, `YYYY-MM-DD`."""
    author: str
    summary: str


@dataclass(frozen=True)
class Reason:
    """One requirement with the line behind it."""

    project: str | None
    requirement: Requirement
    line: str | None
    """The line that states it; None when nothing does."""
    change: Change | None
    """None when the line is not committed yet, or nothing states the need."""
