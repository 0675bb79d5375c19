"""Taking a fix back: everything is looked at first, and nothing is touched where the world has moved on."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from devtool.adapters.environments import MARKER
from devtool.errors import DevtoolError, InputError
from devtool.model.fix import Change, CommandRun, Entry, FileChange, FileMoved, Fix, FolderMade
from devtool.model.moved_branch import BranchMoved
from devtool.remedies.bench import there
from devtool.remedies.branches import look_at_branch, move_branch_back
from devtool.remedies.journal import Journal, digest
from devtool.remedies.rooting import RefusedError, as_one, can_be_root, left_of, run_back
from devtool.system import System

_TEMPORARY = re.compile(r"\.devtool-\w{8}")


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
    passed: tuple[str, ...] = ()
    """What of it was never done, in words."""
    rooted: tuple[Back, ...] = ()
    """Steps that need a root that cannot be had here."""


def choose(journal: Journal, fix_id: int | None) -> Fix:
    """The fix of that number, else the newest that was not taken back. Raises DevtoolError."""
    if fix_id is not None:
        fix = journal.load(fix_id)
        if fix.state == "undone":
            raise InputError(f"fix {fix_id} has been taken back already", "`devtool undo --list` shows all")
        return fix
    present = journal.all()
    standing = [fix for fix in present if fix.state not in ("undone", "partly")]
    if standing:
        return standing[0]
    partly = next((fix.id for fix in present if fix.state == "partly"), None)
    raise DevtoolError(
        "there is no fix to take back",
        f"of fix {partly} is left what needs root: `devtool undo {partly}` tries again" if partly else None,
    )


def way_back(system: System, journal: Journal, fix: Fix) -> Return:
    """Look at everything the fix changed. Raises DevtoolError where any of it cannot be taken back."""
    steps: list[Back] = []
    rooted: list[Back] = []
    left: list[str] = []
    passed: list[str] = []
    for position, entry in reversed(list(enumerate(fix.entries))):
        if entry.state == "refused":
            passed.append(f"`sudo` did not let it begin: {entry.reason}")
        if entry.state in ("undone", "refused"):
            continue
        for change in reversed(entry.changes):
            if not isinstance(change, CommandRun):
                line = _look_at(system, journal, fix, change)
                steps += [Back(position, change, line)] if line is not None else []
            elif change.undo_argv is None:
                left.append(f"`{change.line}`")
            elif (remaining := _remaining(system, fix, entry, change)) is None:
                passed.append(f"none of it is installed: {entry.reason}")
            else:
                is_left = change.needs_root and not can_be_root(system)
                (rooted if is_left else steps).append(
                    Back(position, remaining, _look_at_command(system, remaining))
                )
    if left and not steps and not rooted:
        raise DevtoolError(
            f"fix {fix.id} cannot be taken back: nothing undoes {' and '.join(left)}",
            hint_of_older(journal, fix),
        )
    return Return(fix, tuple(steps), tuple(left), tuple(passed), tuple(rooted))


def take_back(system: System, journal: Journal, way: Return) -> tuple[list[str], str | None]:
    """Go the way back and mark the fix.

    Gives what failed of commands that may never have run, and the line that root has to run for the rest.
    Raises DevtoolError when a step fails; the next try goes on from there.
    """
    fix, complaints, rooted = way.fix, [], [*way.rooted]
    _sweep(system, journal, fix)
    for step in way.steps:
        entry = fix.entries[step.position]
        try:
            _step_back(system, step.change)
        except RefusedError:
            rooted.append(step)
            continue
        except DevtoolError as error:
            if entry.state == "done" or not isinstance(step.change, CommandRun):
                raise
            complaints.append(error.message)
        if isinstance(step.change, CommandRun):  # files tell by themselves whether they are back
            fix = _marked(fix, step.position)
            journal.save(fix)
    journal.close(_parted(fix, rooted) if rooted else fix, partly=bool(rooted))
    return complaints, in_one_sudo(rooted) if rooted else None


def in_one_sudo(steps: Sequence[Back]) -> str:
    """The line that root has to run for these steps."""
    return as_one([s.change.undo_argv or () for s in steps if isinstance(s.change, CommandRun)])


def _parted(fix: Fix, rooted: Sequence[Back]) -> Fix:
    """The fix with all marked as taken back but these steps."""
    kept = {step.position: tuple(s.change for s in rooted if s.position == step.position) for step in rooted}
    entries = [
        replace(entry, changes=kept[n]) if n in kept else replace(entry, state="undone")
        for n, entry in enumerate(fix.entries)
    ]
    return replace(fix, entries=tuple(entries))


def _remaining(system: System, fix: Fix, entry: Entry, change: CommandRun) -> CommandRun | None:
    """The command as far as it is not taken back, or may have been done at all; None where it is not."""
    is_sure = entry.state == "done" and fix.state != "partly"
    return change if is_sure else left_of(system, change)


def _look_at(system: System, journal: Journal, fix: Fix, change: Change) -> str | None:
    """What to do about what is no command, None where nothing is to be done."""
    if isinstance(change, FolderMade):
        return _look_at_folder(system, change)
    if isinstance(change, FileMoved):
        return _look_at_move(system, fix, change)
    if isinstance(change, BranchMoved):
        return look_at_branch(system, fix, change)
    assert isinstance(change, FileChange)
    return _look_at_file(system, journal, fix, change)


def _look_at_command(system: System, change: CommandRun) -> str:
    through_sudo = change.needs_root and not system.machine.is_root()
    return f"run `{'sudo ' if through_sudo else ''}{shlex.join(change.undo_argv or ())}`"


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


def hint_of_older(journal: Journal, fix: Fix) -> str | None:
    """What to type to take back an older fix, where there is one."""
    for other in journal.all():
        if other.id < fix.id and other.undoable and other.state != "partly":
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
        run_back(system, change)
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


def _marked(fix: Fix, position: int) -> Fix:
    entries = [replace(e, state="undone") if i == position else e for i, e in enumerate(fix.entries)]
    return replace(fix, entries=tuple(entries))


def _sweep(system: System, journal: Journal, fix: Fix) -> None:
    """Remove what an atomic write leaves behind when it is killed: it may hold credentials."""
    for folder in {journal.folder, *(posixpath.dirname(path) for path in _paths(fix))}:
        for name in system.files.names(folder):
            if _TEMPORARY.fullmatch(name):
                system.files.remove(f"{folder}/{name}")
