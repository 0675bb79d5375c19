"""What earlier builds of a checkout taught about memory: with how many jobs it ran out, with how many not.

Kept for each place, because a container has another memory than the machine.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from devtool.errors import DevtoolError
from devtool.system import System
from devtool.workflows.containers.own_folder import alone, keep, kept

_FILE = "builds.json"
_GROWN = 1.1
"""How much more memory makes what was learned void."""


@dataclass(frozen=True)
class Record:
    """What one place taught."""

    killed: int | None = None
    """The fewest jobs with which memory ran out."""
    held: int | None = None
    """The most jobs below that with which a build went through since."""
    memory_bytes: int | None = None
    """The memory there was."""
    built: bool = False
    """Whether a build has ever gone through there."""

    def most(self, memory_bytes: int | None) -> int | None:
        """The most jobs to start with this much memory, None where nothing speaks against any number."""
        if self.killed is None or self._outgrown(memory_bytes):
            return None
        return self.held or max(1, self.killed // 2)

    def after_kill(self, jobs: int, memory_bytes: int | None) -> Record:
        """The record after memory ran out."""
        before = replace(self, killed=None, held=None) if self._outgrown(memory_bytes) else self
        killed = min(jobs, before.killed or jobs)
        held = before.held if before.held is not None and before.held < killed else None
        return Record(killed, held, memory_bytes, self.built)

    def after_success(self, jobs: int) -> Record:
        """The record after a build that went through: what held is kept, and what was too cautious goes."""
        if self.killed is None:
            return replace(self, built=True)
        if jobs >= self.killed:
            return Record(built=True)
        return replace(self, held=max(jobs, self.held or 0), built=True)

    def _outgrown(self, memory_bytes: int | None) -> bool:
        known = memory_bytes is not None and self.memory_bytes is not None
        return known and (memory_bytes or 0) > (self.memory_bytes or 0) * _GROWN


def recall(system: System, root: str, place: str) -> Record:
    """What is remembered of builds of the checkout in this place; nothing where no file can be read."""
    try:
        entry = kept(system, root, _FILE).get(place)
        return Record(**entry) if isinstance(entry, dict) else Record()
    except TypeError:
        return Record()


def remember(system: System, root: str, place: str, record: Record) -> None:
    """Keep it for the next build; a home that takes nothing costs the memory of it alone."""
    with suppress(DevtoolError), alone(system, root, "builds", 2.0):
        keep(system, root, _FILE, {**kept(system, root, _FILE), place: asdict(record)})
