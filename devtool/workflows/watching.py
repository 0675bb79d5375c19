"""Recognising failures in output as it comes, before anybody knows what will follow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from devtool.knowledge.library import Entry, Library
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.scanner import Scanner
from devtool.knowledge.seen import Sighting
from devtool.system import System
from devtool.workflows.diagnosing import known


@dataclass(frozen=True)
class Announcement:
    """A known failure that has just scrolled by."""

    id: str
    summary: str
    line: int


class Watcher:
    """Reads output piece by piece and tells of each fatal failure once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        fatal = tuple(_certain(entry) for entry in library.entries if _fatal(entry))
        self._follows = {entry.id: entry.follows for entry in fatal}
        self._new: list[Sighting] = []
        self._told: set[str] = set()
        self._scanner = Scanner(Matcher(replace(library, entries=fatal)), self._new.append)

    def feed(self, data: bytes) -> list[Announcement]:
        """The fatal failures that this piece completes; what merely follows from a told one is left out."""
        self._scanner.feed(data)
        self._scanner.settle()
        found = [each for each in self._new if not self._told.intersection(self._follows[each.id])]
        self._told.update(each.id for each in self._new)
        self._new.clear()
        return [Announcement(each.id, self._library.failure(each.id).summary, each.line) for each in found]


def watcher(system: System) -> Watcher:
    """A watcher with everything that is known here. Raises InputError for a broken file of the project's."""
    return Watcher(known(system))


def _fatal(entry: Entry) -> bool:
    """Whether nothing can go well any more: what tools retry themselves may."""
    return entry.severity == "failure" and not entry.transient


def _certain(entry: Entry) -> Entry:
    """The entry with those of its patterns that a line further down cannot take back."""
    return replace(entry, patterns=tuple(each for each in entry.patterns if not each.without))
