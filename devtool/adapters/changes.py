"""What a branch changes against another one, from git's objects alone: no filter, textconv or hook is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.adapters.history import ask_git
from devtool.adapters.repository import GIT, git_environment
from devtool.errors import DevtoolError, InputError
from devtool.model.pull_request import FileChange

if TYPE_CHECKING:
    from devtool.system import System

_OPTIONS = ("-r", "-z", "-M", "--raw", "--numstat", "--no-abbrev", "--no-ext-diff", "--no-textconv")
_MODULE, _NONE = "160000", "0"
# Above this git compares no further files with each other, and a renamed one counts as two.
_LIMIT = ("-c", "diff.renameLimit=2000", "-c", "diff.ignoreSubmodules=none")
_BATCH = 1000


def fork_point(system: System, repository: str, base: str, head: str) -> str | None:
    """The best common ancestor, None where there is none."""
    found = ask_git(system, repository, "merge-base", base, head).stdout.split()
    return found[0] if found else None


def count_missing(system: System, repository: str, base: str, head: str) -> int:
    """How many commits `base` reaches and `head` does not."""
    told = ask_git(system, repository, "rev-list", "--count", base, f"^{head}").stdout.strip()
    return int(told) if told.isdigit() else 0


def new_commits(system: System, repository: str, base: str, head: str) -> tuple[str, ...]:
    """Ids of the commits that are new, merges left out, oldest first."""
    options = ("rev-list", "--reverse", "--topo-order", "--no-merges")
    return tuple(ask_git(system, repository, *options, head, f"^{base}", "--").stdout.split())


def changed_files(system: System, repository: str, before: str, after: str) -> tuple[FileChange, ...]:
    """Every file that differs, in the order of their paths. Raises InputError."""
    talk = system.process.converse(
        [*GIT, *_LIMIT, "-C", repository, "diff-tree", *_OPTIONS, before, after],
        cwd="/",
        env=git_environment(system.env),
    )
    try:
        raw = b"".join(talk.pieces())
    except DevtoolError as error:
        # In a partial clone, of which nothing is fetched here.
        bring = f"git diff --stat {before[:12]} {after[:12]}"
        hint = f"if this is a partial clone: `{bring}` has git fetch what it takes"
        raise InputError(f"cannot read what the branch changes: {error.message}", hint) from error
    finally:
        talk.close()
    parts = iter(raw.decode("utf-8", "backslashreplace").split("\0"))
    found: dict[str, FileChange] = {}
    for part in parts:
        if part.startswith(":"):
            made = _file(part, parts)
            found[made.path] = made
        elif part:
            path, added, removed = _counts(part, parts)
            lines = [int(each) if each.isdigit() else 0 for each in (added, removed)]
            found[path] = replace(found[path], added=lines[0], removed=lines[1], binary=added == "-")
    return tuple(found.values())


def blob_sizes(system: System, repository: str, blobs: list[str]) -> dict[str, int]:
    """The size in bytes of each of these objects that is here."""
    found = {}
    for start in range(0, len(blobs), _BATCH):
        asked = "".join(f"{each}\n" for each in blobs[start : start + _BATCH]).encode()
        answer = system.process.run(
            [*GIT, "-C", repository, "cat-file", "--batch-check=%(objectname) %(objectsize)"],
            cwd="/",
            env=git_environment(system.env),
            timeout_seconds=60,
            stdin=asked,
        )
        for line in answer.stdout.splitlines():
            name, _, size = line.partition(" ")
            if size.isdigit():
                found[name] = int(size)
    return found


def _file(record: str, parts: Iterator[str]) -> FileChange:
    """One record of `--raw`: modes, ids and status, then one path or two."""
    fields = record[1:].split(" ")
    if len(fields) != 5:
        raise InputError(
            "git describes the changes in a way that cannot be read", "`git --version` says which it is"
        )
    _, mode, _, blob, status = fields
    first = next(parts, "")
    path = next(parts, "") if status[0] in "RC" else first
    return FileChange(
        path,
        status[0],
        blob if blob.strip(_NONE) else "",
        before=first if path != first else "",
        module=mode == _MODULE,
    )


def _counts(record: str, parts: Iterator[str]) -> tuple[str, str, str]:
    added, removed, path = record.split("\t", 2)
    if path:
        return path, added, removed
    next(parts, "")
    return next(parts, ""), added, removed
