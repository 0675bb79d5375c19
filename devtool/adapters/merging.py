"""Merging two commits on trial: the repository gets no object of it, and nothing that it configures is run.

git merges in an empty repository of our own that borrows the other's objects. So neither the checkout's
`.gitattributes` with drivers from its configuration, nor a filter, nor a hook has a part in it, and the
trees that git writes are gone with the repository.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.history import ask_git, find_boundaries
from devtool.adapters.repository import GIT, git_environment
from devtool.errors import DevtoolError

if TYPE_CHECKING:
    from devtool.model.command import Answer
    from devtool.system import System

_SECONDS = 120
_USAGE = 129
"""How git before 2.38 ends, which does not know `--write-tree`."""
_ENTRY = re.compile(r"  (?:base|our|their|result) +\d+ ([0-9a-f]+) (.*)")


@dataclass(frozen=True)
class Trial:
    """What came of it."""

    conflicts: tuple[str, ...] = ()
    """Paths, in order."""
    unknown: str = ""
    """Why it could not be tried; empty where it was."""
    renames: bool = True
    """Whether renamed files were followed."""


def try_merge(system: System, repository: str, base: str, head: str, fork: str) -> Trial:
    """Merge `head` into `base`, without a trace."""
    objects = ask_git(system, repository, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    cache = system.directories.cache
    if not objects.ok or cache is None:
        told = objects.stderr.strip().splitlines()
        return Trial(unknown=told[0] if told else "there is no folder to try it in: HOME is not set")
    folder = f"{cache}/merges/{head[:16]}-{system.machine.parent_id()}-{system.clock.now():.9f}"
    try:
        _prepare(system, folder, objects.stdout.rstrip("\n"), len(head), find_boundaries(system, repository))
        return _tried(system, folder, base, head, fork)
    except DevtoolError as error:  # such as a home that cannot be written to
        return Trial(unknown=error.message)
    finally:
        with suppress(DevtoolError):
            system.files.remove_tree(folder)


def _prepare(system: System, folder: str, objects: str, digits: int, boundaries: frozenset[str]) -> None:
    long_ids = "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"
    files = {
        "HEAD": "ref: refs/heads/none\n",
        "config": f"[core]\n\tbare = true\n{long_ids if digits > 40 else ''}",
        "objects/info/alternates": f"{objects}\n",
        "shallow": "".join(f"{each}\n" for each in sorted(boundaries)),
    }
    for inner in ("refs/heads", "objects/info"):
        system.files.make_folder(f"{folder}/{inner}")
    for name, text in files.items():
        if text:
            system.files.write(f"{folder}/{name}", text.encode())


def _tried(system: System, folder: str, base: str, head: str, fork: str) -> Trial:
    words = ("--write-tree", "-z", "--name-only", "--no-messages")
    answer = _git(system, folder, "merge-tree", *words, base, head)
    if answer.outcome == "ended" and answer.status == _USAGE:
        return _tried_as_before(system, folder, base, head, fork)
    if answer.outcome != "ended" or answer.status not in (0, 1):
        return Trial(unknown=_why(answer))
    # The first is the tree; an empty one ends the names.
    names = answer.stdout.split("\0")[1:]
    conflicts = tuple(dict.fromkeys(each for each in names if each)) if answer.status == 1 else ()
    return Trial(conflicts)


def _tried_as_before(system: System, folder: str, base: str, head: str, fork: str) -> Trial:
    """With the older command, which prints what it would do."""
    answer = _git(system, folder, "merge-tree", fork, base, head)
    if not answer.ok:
        return Trial(unknown=_why(answer))
    conflicts: dict[str, None] = {}
    removed = False
    entries: list[tuple[str, str]] = []
    for line in answer.stdout.split("\n"):
        if found := _ENTRY.fullmatch(line):
            entries.append((found[1], found[2]))
            # Removed on one side, it is printed whether or not the other side changed it.
            changed = removed and len(entries) == 2 and entries[0][0] != entries[1][0]
        elif line[:1].isalpha():
            removed, entries = line.startswith("removed in"), []
            continue
        else:
            changed = line.startswith("+<<<<<<< .our")
        if changed and entries:
            conflicts[entries[-1][1]] = None
    return Trial(tuple(conflicts), renames=False)


def _git(system: System, folder: str, *arguments: str) -> Answer:
    own = {
        "GIT_DIR": folder,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
    env = {**git_environment(system.env), **own}
    return system.process.run([*GIT, *arguments], cwd="/", env=env, timeout_seconds=_SECONDS)


def _why(answer: Answer) -> str:
    told = answer.stderr.strip().splitlines()
    return f"`git merge-tree` {answer.describe()}" + (f": {told[0]}" if told else "")
