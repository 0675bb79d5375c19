"""What a new dev container is made of, and what writing it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devtool.model.editor import EditedFile


@dataclass(frozen=True)
class Decision:
    """One tool of the container: which one it is, and why."""

    tool: str
    brought: str
    """Such as `1.24.4, Debian's own`."""
    reason: str


@dataclass(frozen=True)
class Recipe:
    """A dev container on a distribution's image, as values."""

    project: str
    base: str
    """The image's reference, by the name of a release."""
    title: str
    """The distribution in words, such as `Debian 13`."""
    packages: tuple[str, ...]
    """The distribution's, in the order of the alphabet."""
    blocks: tuple[str, ...] = ()
    """Instructions of a Dockerfile that root carries out, each with its comment."""
    own_blocks: tuple[str, ...] = ()
    """The same, carried out by the person who will work inside."""
    arguments: tuple[str, ...] = ()
    """Arguments of the build that say where downloads come from."""
    environment: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    """Of VS Code."""
    first_step: str | None = None
    """What makes a fresh container ready for work."""
    decisions: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()
    """What is left to the person, one line each."""


@dataclass(frozen=True)
class Initialisation:
    """The files of a new dev container, before and after."""

    root: str
    recipe: Recipe
    files: tuple[EditedFile, ...]
    fix: int | None = None
    """The fix that `devtool undo` takes back; None where nothing was written."""

    @property
    def changes(self) -> bool:
        """Whether any file would be written, or was."""
        return any(file.changes for file in self.files)
