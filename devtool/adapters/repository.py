"""Reading a git repository without running anything that it, or its configuration, names.

Objects come from one `git cat-file --batch`, which knows no hook, filter,
textconv or fsmonitor; what other commands could start is switched off.
"""

from __future__ import annotations

import posixpath
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from devtool.errors import DevtoolError, InputError
from devtool.model.reason import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devtool.model.command import Answer
    from devtool.system import System
    from devtool.system.process import Changes, Conversation

MARKS = ("devtool.toml", ".git")
_BLOB_LIMIT_BYTES = 8 * 1024**2
_LINK, _MODULE, _FOLDER = "120000", "160000", "40000"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_GIT = (
    "git",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "protocol.allow=never"),
)


def find_root(system: System, start: str) -> str | None:
    """The nearest folder from `start` upwards that holds `devtool.toml` or `.git`, or None."""
    return _upwards(system, start, lambda folder: any(_there(system, folder, mark) for mark in MARKS))


def find_repository(system: System, start: str) -> str | None:
    """The nearest folder from `start` upwards that is a work tree of git or a bare repository, or None."""

    def holds(folder: str) -> bool:
        return _there(system, folder, ".git") or all(
            _there(system, folder, name) for name in ("HEAD", "objects", "refs")
        )

    return _upwards(system, start, holds)


def git_environment(env: Mapping[str, str]) -> Changes:
    """Changes that keep git from the network, from prompts, and from what the caller's shell set."""
    return {
        **{name: None for name in env if name.startswith("GIT_")},
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
    }


class Objects:
    """The objects of one repository, by one conversation with git. Use as a context manager."""

    def __init__(self, system: System, repository: str) -> None:
        self._system, self.repository = system, repository
        self._talk: Conversation | None = None
        self._texts: dict[str, str | None] = {}
        self._folders: dict[str, dict[str, tuple[str, str]]] = {}

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the conversation."""
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def at(self, revision: str, below: str = "") -> RevisionTree:
        """The files of `revision`, seen from the folder `below`. Raises InputError."""
        if not revision or not revision.isprintable() or revision.startswith("-"):
            raise InputError(f"`{revision!r:.60}` is not the name of a revision")
        # `:/text` swallows what is appended to it, so it is asked as it stands.
        answer = self._ask(f"{revision}^{{commit}}") or self._ask(revision)
        if answer is None or answer[0] != "commit":
            complaint = self._complaint(revision)
            there = not complaint and self._ask(f"refs/remotes/origin/{revision}^{{commit}}") is not None
            raise InputError(
                f"there is no revision `{revision}` in `{self.repository}`{complaint}",
                f"did you mean `origin/{revision}`?"
                if there
                else "`git log --oneline` lists revisions; `git fetch` brings those of the remote",
            )
        _, commit, body = answer
        tree = body[5 : body.index(b"\n")].decode("ascii")
        return RevisionTree(self, commit, tree, below)

    def text(self, blob: str) -> str | None:
        """The text of a blob, None when it is missing or too large."""
        if blob not in self._texts:
            answer = self._ask(blob)
            self._texts[blob] = (
                answer[2].decode("utf-8", "replace") if answer and answer[0] == "blob" else None
            )
        return self._texts[blob]

    def folder(self, tree: str) -> dict[str, tuple[str, str]]:
        """Mode and object by name, for every entry of a tree object."""
        if tree not in self._folders:
            answer = self._ask(tree)
            self._folders[tree] = (
                _entries(answer[2], len(tree) // 2) if answer and answer[0] == "tree" else {}
            )
        return self._folders[tree]

    def _ask(self, name: str) -> tuple[str, str, bytes] | None:
        """Kind, object id and content, or None when there is no such object."""
        if self._talk is None:
            self._talk = self._system.process.converse(
                [*_GIT, "-C", self.repository, "cat-file", "--batch"],
                cwd="/",
                env=git_environment(self._system.env),
            )
        self._talk.ask(name.encode() + b"\n")
        header = self._talk.read_line().decode("utf-8", "replace").split()
        if len(header) != 3 or not header[2].isdigit() or not _COMMIT.fullmatch(header[0]):
            if not header:
                self.close()
            return None
        size = int(header[2])
        content = b""
        for start in range(0, size, _BLOB_LIMIT_BYTES):
            content = self._talk.read(min(_BLOB_LIMIT_BYTES, size - start))
        self._talk.read(1)
        return (header[1], header[0], content) if size <= _BLOB_LIMIT_BYTES else None

    def _complaint(self, revision: str) -> str:
        """What git itself says about the revision where that is more than "no such"."""
        answer = run_git(self._system, self.repository, "rev-parse", "--verify", "--end-of-options", revision)
        if not answer.found:
            raise InputError("`git` is not on PATH", "install git")
        told = answer.stderr.strip().splitlines()
        fatal = [line.removeprefix("fatal: ") for line in told if line.startswith("fatal: ")]
        known = not fatal or "Needed a single revision" in fatal[0] or "unknown revision" in fatal[0]
        return "" if known else f": {fatal[0]}"


class RevisionTree:
    """The files as one commit holds them."""

    def __init__(self, objects: Objects, commit: str, tree: str, below: str) -> None:
        self.commit = commit
        self.problems: dict[str, str] = {}
        self._objects, self._tree, self._below = objects, tree, below

    def read(self, path: str) -> str | None:
        """The file's text, or None where nothing readable is."""
        entry = self._entry(path)
        if entry is None:
            return None
        mode, blob = entry
        if mode in (_LINK, _MODULE, _FOLDER):
            self.problems[path] = {_LINK: "is a link", _MODULE: "is a submodule"}.get(
                mode, "is a folder, not a file"
            )
            return None
        text = self._objects.text(blob)
        if text is None:
            self.problems[path] = "its content is missing from this repository, or too large"
        return text

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder; empty where there is none."""
        entry = self._entry(folder)
        return sorted(self._objects.folder(entry[1])) if entry and entry[0] == _FOLDER else []

    def _entry(self, path: str) -> tuple[str, str] | None:
        mode, name = _FOLDER, self._tree
        for part in posixpath.join(self._below, path).split("/"):
            if part in ("", "."):
                continue
            if mode != _FOLDER or (found := self._objects.folder(name).get(part)) is None:
                return None
            mode, name = found
        return mode, name


def run_git(system: System, repository: str, *arguments: str) -> Answer:
    """One git command, kept from everything it could start."""
    return system.process.run(
        [*_GIT, "-C", repository, *arguments], cwd="/", env=git_environment(system.env), timeout_seconds=60
    )


def last_change(system: System, repository: str, commit: str, path: str, line: int) -> Change:
    """The commit that last changed a line of `path` as `commit` holds it. Raises DevtoolError."""
    answer = run_git(
        system,
        repository,
        *("-c", "blame.ignoreRevsFile=", "blame", "--no-textconv", "--porcelain"),
        *("-L", f"{line},{line}", commit, "--", path),
    )
    lines = answer.stdout.splitlines()
    if not answer.ok or not lines:
        told = answer.stderr.strip().splitlines()
        raise DevtoolError(f"`git blame` {answer.describe()}" + (f": {told[0]}" if told else ""))
    said = dict(text.split(" ", 1) for text in lines[1:] if " " in text and not text.startswith("\t"))
    day = datetime.fromtimestamp(int(said["committer-time"]), timezone.utc).strftime("%Y-%m-%d")
    return Change(lines[0].split()[0], day, said["author"], said.get("summary", ""))


def _entries(body: bytes, id_bytes: int) -> dict[str, tuple[str, str]]:
    found = {}
    start = 0
    while start < len(body):
        space, end = body.index(b" ", start), body.index(b"\0", start)
        name = body[space + 1 : end].decode("utf-8", "surrogateescape")
        found[name] = (body[start:space].decode("ascii"), body[end + 1 : end + 1 + id_bytes].hex())
        start = end + 1 + id_bytes
    return found


def _there(system: System, folder: str, name: str) -> bool:
    return system.files.kind(posixpath.join(folder, name)) is not None


def _upwards(system: System, start: str, holds: Callable[[str], bool]) -> str | None:
    folder = posixpath.normpath(posixpath.join(system.cwd, start))
    while not holds(folder):
        above = posixpath.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder
