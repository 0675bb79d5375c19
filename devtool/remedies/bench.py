"""What every executor works with: the way files are changed so that the journal can take it back."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.model.fix import Change, FileChange
from devtool.remedies.journal import digest
from devtool.system import System

if TYPE_CHECKING:
    from devtool.system.doors import Files


@dataclass(frozen=True)
class Workbench:
    """What an executor works with."""

    system: System
    keep: Callable[[bytes], str]
    """Copies a file's bytes into the journal; the copy's path."""
    scratch: str
    """Path of a file to try a change on."""


@dataclass(frozen=True)
class Prepared:
    """An action that is ready to be carried out."""

    changes: tuple[Change, ...]
    carry_out: Callable[[], None]
    """Raises DevtoolError when it fails."""


Executor = Callable[[Workbench, Any], Prepared | None]
"""Prepares one action; None where nothing is left to do. Raises DevtoolError where it must not be done."""


def change(bench: Workbench, path: str, before: bytes | None, after: bytes) -> FileChange:
    """The change of a file, the bytes from before being kept."""
    files = bench.system.files
    real = files.real(path)
    backup = None if before is None else bench.keep(before)
    return FileChange(real, digest(before), digest(after), backup, missing_above(bench.system, real))


def missing_above(system: System, path: str) -> tuple[str, ...]:
    """The folders that have to be made on the way to the path, outermost first."""
    missing: list[str] = []
    folder = posixpath.dirname(path)
    while system.files.kind(folder) is None and folder != "/":
        missing.insert(0, folder)
        folder = posixpath.dirname(folder)
    return tuple(missing)


def require_unchanged(system: System, path: str, before: bytes | None) -> None:
    """Raises DevtoolError where somebody changed the file while we got ready."""
    if system.files.read_bytes(path) != before:
        raise DevtoolError(f"`{path}` changed while devtool was about to change it", "try again")


def must(answer: Answer, line: str, hint: str | None = None) -> None:
    """Raises DevtoolError where the command, called `line` for a person, did not end well."""
    if not answer.ok:
        raise DevtoolError(f"`{line if answer.found else answer.argv[0]}` {answer.describe()}", hint)


def there(files: Files, path: str) -> bool:
    """Whether anything is at the path, a link that leads nowhere too."""
    return files.kind(path) is not None or files.link_target(path) is not None


def root_path(system: System) -> str:
    """PATH as root has it: dpkg refuses to work where it does not find `ldconfig`.

    A container's or a cron job's own often lacks the folders for root.
    """
    folders = [*system.env.get("PATH", "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"]
    return ":".join(dict.fromkeys(filter(None, folders)))
