"""The needs of a checkout, as it stands or as a revision has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.model.requirement import Needs
from devtool.requirements.reading import Reading, read, read_at

if TYPE_CHECKING:
    from devtool.system import System

__all__ = ["Reading", "read", "read_needs", "read_needs_at"]


def read_needs(system: System, start: str) -> Needs:
    """What the working tree around `start` asks for; an unknown project gives no requirements.

    Raises InputError for a broken `devtool.toml`. `read` also says which files decided it.
    """
    return read(system, start).needs


def read_needs_at(system: System, start: str, revision: str) -> Needs:
    """What `revision` asks for, from git's objects alone. Raises InputError."""
    return read_at(system, start, revision)
