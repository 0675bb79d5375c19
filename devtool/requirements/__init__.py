"""What a checkout asks of this machine, read from its own files and never from a table of versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.adapters.repository import find_root
from devtool.model.requirement import Needs

if TYPE_CHECKING:
    from devtool.system import System


def read_needs(system: System, start: str) -> Needs:
    """What the working tree around `start` asks for; an unknown project gives no requirements."""
    return Needs(project=None, root=find_root(system, start))
