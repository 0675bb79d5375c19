"""Where a person can help."""

from __future__ import annotations

from dataclasses import dataclass

SKILLS = ("go", "cpp", "python", "java", "node", "kubernetes", "writing", "web")
"""What a person may be good at; the names are permanent."""


@dataclass(frozen=True)
class Project:
    """One repository that takes contributions."""

    repository: str
    """Owner and name."""
    skills: tuple[str, ...]
    """The one that it needs most comes first."""
    what: str
    guide: str
    """Address of its guide."""
    begin: str
    """A first thing to do there."""
    issues: str
    """Address of the issues to begin with."""

    @property
    def url(self) -> str:
        """Address of the repository."""
        return f"https://github.com/{self.repository}"


@dataclass(frozen=True)
class Offer:
    """The projects that are shown, and the skill that they were chosen by."""

    projects: tuple[Project, ...]
    skills: dict[str, str]
    """What each skill is called, by its name."""
    skill: str | None = None
