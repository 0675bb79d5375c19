"""The journal: one file a fix, written before anything changes, with a copy of every file it changes.

Everything in it is for its owner's eyes only, because the copies may hold
credentials; the journal itself holds none.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone

from devtool import __version__
from devtool.errors import DevtoolError, InputError, UnreadableError
from devtool.model.codec import decode, encode, parse_json
from devtool.model.fix import CommandRun, Entry, FileChange, FileMoved, Fix, FolderMade
from devtool.model.moved_branch import BranchMoved
from devtool.system import System

_SCHEMA = 1
_PRIVATE = 0o600
_LOCK_SECONDS = 5.0
_TYPES = (Fix, Entry, FileChange, FolderMade, FileMoved, CommandRun, BranchMoved)


class Journal:
    """The fixes of one person."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.folder = f"{system.directories.state}/journal"
        self._passed_over: set[int] = set()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other devtool from repairing or undoing meanwhile.

        Raises DevtoolError where one is at it, InputError where the journal cannot be written.
        """
        folder = self.folder
        while self._system.files.kind(folder) is None and folder != "/":
            folder = posixpath.dirname(folder)
        if self._system.files.kind(folder) is not None and not self._system.files.writable(folder):
            raise _unwritable(f"cannot write to `{folder}`")
        with self._system.files.lock(f"{self.folder}/lock", _LOCK_SECONDS):
            self._tidy()
            yield

    def begin(self) -> Fix:
        """Write down a new fix that has done nothing yet.

        Raises InputError where the journal cannot be written: without it nothing may change.
        """
        now = datetime.fromtimestamp(self._system.clock.now(), timezone.utc)
        fix = Fix(max(self._ids(), default=0) + 1, now.strftime("%Y-%m-%dT%H:%M:%SZ"), __version__)
        try:
            self.save(fix)
        except DevtoolError as error:
            raise _unwritable(error.message) from error
        return fix

    def save(self, fix: Fix) -> None:
        """Put the fix on disk, all or nothing. Raises DevtoolError."""
        text = json.dumps({"schema": _SCHEMA, **encode(fix)}, indent=2)
        self._system.files.write(self._path(fix.id), text.encode() + b"\n", _PRIVATE)

    def keep(self, fix: Fix, content: bytes) -> str:
        """Copy a file's bytes beside the fix; the copy's path. Raises DevtoolError."""
        path = f"{self._copies(fix.id)}/{digest(content)}"
        self._system.files.write(path, content, _PRIVATE)
        return path

    def scratch(self, fix: Fix) -> str:
        """Path of a file to try a change on; gone when the fix is closed or forgotten."""
        return f"{self._copies(fix.id)}/scratch"

    def close(self, fix: Fix, *, partly: bool = False) -> None:
        """Put an undone fix on disk, then remove its copies. Raises DevtoolError."""
        self.save(replace(fix, state="partly" if partly else "undone"))
        self._system.files.remove_tree(self._copies(fix.id))

    def forget(self, fix: Fix) -> None:
        """Remove a fix that changed nothing. Raises DevtoolError."""
        self._system.files.remove(self._path(fix.id))
        self._system.files.remove_tree(self._copies(fix.id))

    def load(self, fix_id: int) -> Fix:
        """One fix. Raises InputError where there is none, or its file cannot be read as one."""
        path = self._path(fix_id)
        text = self._system.files.read_text(path)
        if text is None:
            raise InputError(f"there is no fix {fix_id}", "`devtool undo --list` shows them")
        try:
            data = parse_json(text)
            if data.pop("schema") != _SCHEMA:
                raise ValueError("written by another devtool")
            fix: Fix = decode(data, *_TYPES)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UnreadableError(f"`{path}` is not a fix as this devtool writes it") from None
        return fix

    def all(self) -> list[Fix]:
        """Every fix that can be read, newest first; one that cannot is named and passed over."""
        fixes = (self._readable(fix_id) for fix_id in sorted(self._ids(), reverse=True))
        return [fix for fix in fixes if fix is not None]

    def _readable(self, fix_id: int) -> Fix | None:
        try:
            return self.load(fix_id)
        except UnreadableError as error:
            if fix_id not in self._passed_over:
                self._system.console.note(f"passed over: {error.message}")
            self._passed_over.add(fix_id)
            return None

    def _tidy(self) -> None:
        """Remove the copies that an undo left behind because it was killed at its very end."""
        for fix in self.all():
            if fix.state in ("undone", "partly"):
                self._system.files.remove_tree(self._copies(fix.id))

    def _ids(self) -> list[int]:
        stems = (name.removesuffix(".json") for name in self._system.files.names(self.folder))
        return [int(stem) for stem in stems if stem.isascii() and stem.isdigit()]

    def _path(self, fix_id: int) -> str:
        return f"{self.folder}/{fix_id}.json"

    def _copies(self, fix_id: int) -> str:
        return f"{self.folder}/{fix_id}.copies"


def digest(content: bytes | None) -> str | None:
    """SHA-256 in hexadecimal; None for no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def _unwritable(why: str) -> InputError:
    hint = "the way back is kept there; set `XDG_STATE_HOME` to a folder you can write to"
    return InputError(f"nothing was changed: {why}", hint)
