"""The objects of a git repository, from one `git cat-file --batch`.

That command knows no hook, filter, textconv or fsmonitor. Folders are read as
tree objects, so what two commits share is asked for once.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from devtool.adapters.repository import GIT, git_environment, run_git
from devtool.errors import InputError

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.system.doors import Conversation

_BLOB_LIMIT_BYTES = 8 * 1024**2
_LINK, _MODULE, _FOLDER = "120000", "160000", "40000"
_NO_SUCH = ("Needed a single revision", "unknown revision", "ambiguous argument")
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


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
            raise self._missing(revision)
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
                [*GIT, "-C", self.repository, "cat-file", "--batch"],
                cwd="/",
                env=git_environment(self._system.env),
            )
        self._talk.ask(name.encode() + b"\n")
        header = self._talk.read_line().decode("utf-8", "replace").split()
        if len(header) != 3 or not header[2].isdigit() or not _ID.fullmatch(header[0]):
            if not header:
                self.close()
            return None
        size = int(header[2])
        content = b""
        for start in range(0, size, _BLOB_LIMIT_BYTES):
            content = self._talk.read(min(_BLOB_LIMIT_BYTES, size - start))
        self._talk.read(1)
        return (header[1], header[0], content) if size <= _BLOB_LIMIT_BYTES else None

    def _missing(self, revision: str) -> InputError:
        """Why there is no such revision, as far as git itself says more than that."""
        answer = run_git(self._system, self.repository, "rev-parse", "--verify", "--end-of-options", revision)
        if not answer.found:
            return InputError("`git` is not on PATH", "install git")
        fatal = next((line for line in answer.stderr.splitlines() if line.startswith("fatal: ")), "")
        if "dubious ownership" in fatal:
            trust = shlex.join(["git", "config", "--global", "--add", "safe.directory", self.repository])
            return InputError(
                f"`{self.repository}` belongs to another user, so git does not read it",
                f"if you trust it: `{trust}`",
            )
        if fatal and not any(known in fatal for known in _NO_SUCH):
            return InputError(f"git cannot read `{self.repository}`: {fatal.removeprefix('fatal: ')}")
        if revision == "HEAD":
            return InputError(
                f"`{self.repository}` has no commit yet", "make one, or leave out `--rev` and `--why`"
            )
        there = self._ask(f"refs/remotes/origin/{revision}^{{commit}}") is not None
        return InputError(
            f"there is no revision `{revision}` in `{self.repository}`",
            f"did you mean `origin/{revision}`?"
            if there
            else "`git log --oneline` lists revisions; `git fetch` brings those of the remote",
        )


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


def _entries(body: bytes, id_bytes: int) -> dict[str, tuple[str, str]]:
    found = {}
    start = 0
    while start < len(body):
        space, end = body.index(b" ", start), body.index(b"\0", start)
        name = body[space + 1 : end].decode("utf-8", "surrogateescape")
        found[name] = (body[start:space].decode("ascii"), body[end + 1 : end + 1 + id_bytes].hex())
        start = end + 1 + id_bytes
    return found
