"""Taking a fix back: everything is looked at first, and nothing is touched where the world has moved on."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import dataclass, replace
from itertools import pairwise

from devtool.adapters.environments import MARKER
from devtool.errors import DevtoolError, InputError
from devtool.model.fix import Change, CommandRun, FileChange, FileMoved, Fix, FolderMade
from devtool.model.moved_branch import BranchMoved
from devtool.remedies.bench import root_path, there
from devtool.remedies.branches import look_at_branch, move_branch_back
from devtool.remedies.journal import Journal, digest
from devtool.system import System

_TEMPORARY = re.compile(r"\.devtool-\w{8}")
_UNINSTALL_SECONDS = 900.0


@dataclass(frozen=True)
class Back:
    """One step back."""

    position: int
    """Which entry of the fix it belongs to."""
    change: Change
    line: str
    """What it does, for a person."""


@dataclass(frozen=True)
class Return:
    """The way back from one fix, looked at and found free."""

    fix: Fix
    steps: tuple[Back, ...]
    """In the order they are to be taken; empty when nothing of the fix is in place."""
    left: tuple[str, ...]
    """Commands that ran and that nothing takes back."""


def choose(journal: Journal, fix_id: int | None) -> Fix:
    """The fix of that number, else the newest that was not taken back. Raises DevtoolError."""
    if fix_id is not None:
        fix = journal.load(fix_id)
        if fix.state == "undone":
            raise InputError(f"fix {fix_id} has been taken back already", "`devtool undo --list` shows all")
        return fix
    standing = [fix for fix in journal.all() if fix.state != "undone"]
    if not standing:
        raise DevtoolError("there is no fix to take back")
    return standing[0]


def way_back(system: System, journal: Journal, fix: Fix) -> Return:
    """Look at everything the fix changed. Raises DevtoolError where any of it cannot be taken back."""
    steps: list[Back] = []
    left: list[str] = []
    for position, entry in reversed(list(enumerate(fix.entries))):
        for change in reversed(entry.changes):
            if entry.state == "undone":
                continue
            if isinstance(change, CommandRun):
                line = _look_at_command(system, change, left)
            elif isinstance(change, FolderMade):
                line = _look_at_folder(system, change)
            elif isinstance(change, FileMoved):
                line = _look_at_move(system, fix, change)
            elif isinstance(change, BranchMoved):
                line = look_at_branch(system, fix, change)
            else:
                line = _look_at_file(system, journal, fix, change)
            if line is not None:
                steps.append(Back(position, change, line))
    if left and not steps:
        raise DevtoolError(
            f"fix {fix.id} cannot be taken back: nothing undoes {' and '.join(left)}", _older(journal, fix)
        )
    return Return(fix, tuple(steps), tuple(left))


def take_back(system: System, journal: Journal, way: Return) -> list[str]:
    """Go the whole way back and mark the fix; what failed of commands that may never have run.

    Raises DevtoolError when a step fails; the next try goes on from there.
    """
    fix, complaints = way.fix, []
    _sweep(system, journal, fix)
    for step in way.steps:
        entry = fix.entries[step.position]
        try:
            _step_back(system, step.change)
        except DevtoolError as error:
            if entry.state == "done" or not isinstance(step.change, CommandRun):
                raise
            complaints.append(error.message)
        if isinstance(step.change, CommandRun):  # files tell by themselves whether they are back
            fix = _marked(fix, step.position)
            journal.save(fix)
    journal.close(fix)
    return complaints


def _look_at_command(system: System, change: CommandRun, left: list[str]) -> str | None:
    """What to run, if anything undoes the command; else it goes into `left`."""
    if change.undo_argv is None:
        left.append(f"`{change.line}`")
        return None
    line = shlex.join(change.undo_argv)
    if not change.needs_root or system.machine.is_root():
        return f"run `{line}`"
    if not system.console.interactive or system.process.which("sudo") is None:
        raise DevtoolError(
            f"taking back `{change.line}` needs root", f"as root, it is done by `{line}`; nothing was undone"
        )
    return f"run `sudo {line}`"


def _look_at_folder(system: System, change: FolderMade) -> str | None:
    """What to do about the folder; where it could not be made, what was made on the way to it may stand."""
    if system.files.kind(change.path):
        return f"remove the folder `{change.path}`"
    if system.files.kind(_lock(change)) or any(system.files.kind(each) for each in change.folders):
        return f"remove what was made for `{change.path}`"
    return None


def _lock(change: FolderMade) -> str:
    """The file that was held while the folder was made."""
    return f"{change.path}.lock"


def _look_at_file(system: System, journal: Journal, fix: Fix, change: FileChange) -> str | None:
    """What to do about the file.

    Several changes of one file are one step back, at the first of them.
    """
    changes = [c for entry in fix.entries for c in entry.changes if isinstance(c, FileChange)]
    chain = [c for c in changes if c.path == change.path]
    if change is not chain[0]:
        return None
    present = _present(system, change.path)
    whole = all(later.before == earlier.after for earlier, later in pairwise(chain))
    if not whole or present not in (change.before, *(c.after for c in chain)):
        gone = "was removed" if present is None else "has changed"
        raise DevtoolError(
            f"`{change.path}` {gone} since fix {fix.id}: nothing was undone", _by_hand(journal, fix, change)
        )
    if present == change.before:
        cut_off = any(system.files.kind(folder) for folder in change.folders)
        return f"remove `{change.folders[0]}` if it is empty" if cut_off else None
    if change.backup is None:
        return f"remove `{change.path}`"
    if digest(system.files.read_bytes(change.backup)) != change.before:
        raise DevtoolError(f"the copy of `{change.path}` from before fix {fix.id} is gone or damaged")
    return f"restore `{change.path}`"


def _look_at_move(system: System, fix: Fix, change: FileMoved) -> str | None:
    """What to do about a file that got another name; what it holds by now is its owner's affair."""
    if there(system.files, change.to):
        return f"move `{change.to}` back to `{change.path}`"
    if there(system.files, change.path):
        return None
    raise DevtoolError(f"`{change.to}` was removed since fix {fix.id}: nothing was undone")


def _present(system: System, path: str) -> str | None:
    if system.files.kind(path) not in (None, "file"):
        return "not a file"
    return digest(system.files.read_bytes(path))


def _by_hand(journal: Journal, fix: Fix, change: FileChange) -> str:
    for newer in journal.all():
        if newer.id > fix.id and newer.state != "undone" and change.path in _paths(newer):
            return f"fix {newer.id} changed it too: run `devtool undo {newer.id}` first"
    moves = (c for entry in fix.entries for c in entry.changes if isinstance(c, FileMoved))
    kept = change.backup or next((move.to for move in moves if move.path == change.path), None)
    if kept is None:
        return "there was no such file before; remove it by hand if nothing else uses it"
    shown = shlex.join(["diff", kept, change.path])
    return f"the file from before is kept; compare with `{shown}`"


def _older(journal: Journal, fix: Fix) -> str | None:
    for other in journal.all():
        if other.id < fix.id and other.undoable:
            return f"`devtool undo {other.id}` takes back the one before it"
    return None


def _paths(fix: Fix) -> set[str]:
    return {c.path for entry in fix.entries for c in entry.changes if isinstance(c, FileChange)}


def _step_back(system: System, change: Change) -> None:
    if isinstance(change, FolderMade):
        # First what says that it is whole: killed half-way, it must not pass for that.
        system.files.remove(f"{change.path}/{MARKER}")
        system.files.remove_tree(change.path)
        system.files.remove(_lock(change))
        _remove_empty(system, change.folders)
    elif isinstance(change, CommandRun):
        _run_back(system, change)
    elif isinstance(change, BranchMoved):
        move_branch_back(system, change)
    elif isinstance(change, FileMoved):
        if there(system.files, change.path):
            raise DevtoolError(f"`{change.path}` is in the way", "move it elsewhere, then try again")
        system.files.move(change.to, change.path)
    elif change.backup is None:
        system.files.remove(change.path)
        _remove_empty(system, change.folders)
    else:
        system.files.write(change.path, system.files.read_bytes(change.backup) or b"", change.mode)


def _remove_empty(system: System, folders: tuple[str, ...]) -> None:
    for folder in reversed(folders):
        if not system.files.names(folder):
            system.files.remove_tree(folder)


def _run_back(system: System, change: CommandRun) -> None:
    argv = change.undo_argv or ()
    if change.needs_root and not system.machine.is_root():
        answer = system.process.attach(("sudo", *argv))
    else:
        answer = system.process.run(
            argv,
            timeout_seconds=_UNINSTALL_SECONDS,
            cwd="/",
            env={"PATH": root_path(system)} if system.machine.is_root() else None,
            on_line=system.console.note,
        )
    if not answer.ok:
        raise DevtoolError(f"`{shlex.join(argv)}` {answer.describe()}")


def _marked(fix: Fix, position: int) -> Fix:
    entries = [replace(e, state="undone") if i == position else e for i, e in enumerate(fix.entries)]
    return replace(fix, entries=tuple(entries))


def _sweep(system: System, journal: Journal, fix: Fix) -> None:
    """Remove what an atomic write leaves behind when it is killed: it may hold credentials."""
    for folder in {journal.folder, *(posixpath.dirname(path) for path in _paths(fix))}:
        for name in system.files.names(folder):
            if _TEMPORARY.fullmatch(name):
                system.files.remove(f"{folder}/{name}")
