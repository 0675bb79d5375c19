"""Everything that is known: our own files, and those of the project at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from devtool.errors import InputError
from devtool.knowledge.failure import KnownFailure, Pattern
from devtool.knowledge.reading import ID, read
from devtool.system import System
from devtool.system.resources import resource, resource_names

PROJECT_FOLDER = ".devtool/knowledge"
_SUFFIX = ".toml"
_PROJECT_FILE_BYTES = 1 << 20
_PROJECT_PATTERNS = 5_000
"""A checkout may be anybody's: what it says must not keep a diagnosis waiting."""


@dataclass(frozen=True)
class Entry:
    """What matching and ranking need of one failure, without its texts."""

    id: str
    severity: str
    patterns: tuple[Pattern, ...]
    follows: tuple[str, ...]
    transient: bool

    @staticmethod
    def of(failure: KnownFailure) -> Entry:
        """The entry of a failure that was read whole."""
        return Entry(failure.id, failure.severity, failure.patterns, failure.follows, failure.transient)


@dataclass(frozen=True)
class Library:
    """The failures that logs are held against."""

    entries: tuple[Entry, ...]
    project: tuple[KnownFailure, ...] = ()
    """Those that the project's own files state, whole."""

    def failure(self, failure_id: str) -> KnownFailure:
        """All that is known of one of the entries."""
        own = self._projects.get(failure_id)
        found = own or failure(failure_id)
        assert found is not None, "an entry has a file"
        return found

    @cached_property
    def _projects(self) -> dict[str, KnownFailure]:
        return {each.id: each for each in self.project}


def failure_ids() -> tuple[str, ...]:
    """The ids of our own failures, sorted."""
    names = resource_names("knowledge")
    return tuple(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def failure(failure_id: str) -> KnownFailure | None:
    """One of our own failures, None where there is none of that id. Raises InputError for a broken file."""
    if not ID.fullmatch(failure_id):
        return None
    text = resource(f"knowledge/{failure_id}{_SUFFIX}")
    return None if text is None else read(text, failure_id, f"devtool/knowledge/{failure_id}{_SUFFIX}")


def own_failures() -> tuple[KnownFailure, ...]:
    """All of our own failures, whole."""
    return tuple(found for each in failure_ids() if (found := failure(each)) is not None)


def project_failures(
    system: System, root: str | None, on_broken: Callable[[InputError], None] | None = None
) -> tuple[KnownFailure, ...]:
    """What the project's own files know; they are read as data, and nothing in them is ever run.

    Raises InputError for a file that is not of the form, takes the id of one
    of ours, or is one too many; with `on_broken` it is told, and the file passed over.
    """
    if root is None:
        return ()
    folder = f"{root}/{PROJECT_FOLDER}"
    ours = set(failure_ids())
    found: list[KnownFailure] = []
    patterns = 0
    for name in system.files.names(folder):
        # Editors keep their locks, and macOS what a file cannot hold, in hidden files beside it.
        if not name.endswith(_SUFFIX) or name.startswith("."):
            continue
        try:
            failure = _project_failure(system, f"{folder}/{name}", f"{PROJECT_FOLDER}/{name}", ours)
            if failure is not None:
                patterns += len(failure.patterns)
                if patterns > _PROJECT_PATTERNS:
                    raise InputError(
                        f"`{PROJECT_FOLDER}` has more than {_PROJECT_PATTERNS} patterns: `{name}` and what"
                        " follows are one too many",
                        "keep there what this project's own logs say",
                    )
                found.append(failure)
        except InputError as error:
            if on_broken is None:
                raise
            on_broken(error)
            if patterns > _PROJECT_PATTERNS:
                break
    return tuple(found)


def _project_failure(system: System, path: str, place: str, ours: Collection[str]) -> KnownFailure | None:
    failure_id = place.rpartition("/")[2].removesuffix(_SUFFIX)
    if failure_id in ours:
        raise InputError(
            f"`{place}`: `{failure_id}` is the id of a failure that devtool knows", "rename the file"
        )
    text = system.files.read_text(path, _PROJECT_FILE_BYTES)
    return None if text is None else read(text, failure_id, place, path)


def gather(own: Iterable[Entry], project: Sequence[KnownFailure]) -> Library:
    """Our own failures and the project's as one library."""
    return Library((*own, *map(Entry.of, project)), tuple(project))
