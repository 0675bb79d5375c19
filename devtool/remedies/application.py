"""Carrying out a plan: each action is written down, then done, then written down as done.

Whatever cuts this off, the journal on disk names every change that may have
been made, and every file is either as before or as after.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from devtool.adapters.package_database import installed_by_dpkg
from devtool.errors import DevtoolError
from devtool.model.fix import CommandRun, Entry, FileChange, Fix
from devtool.model.packages import InstallPackages
from devtool.model.redaction import redact
from devtool.model.remedy import Plan, RunCommand, Step
from devtool.remedies.bench import Workbench
from devtool.remedies.executors import EXECUTORS
from devtool.remedies.journal import Journal, digest
from devtool.remedies.rooting import RefusedError
from devtool.system import System


@dataclass(frozen=True)
class Application:
    """What came of carrying out a plan."""

    fix: Fix | None
    """None when there was nothing to do."""
    error: DevtoolError | None = None
    """Why a step failed; nothing after it was tried."""

    @property
    def done(self) -> int:
        """How many actions were carried out."""
        return sum(entry.state == "done" for entry in self.fix.entries) if self.fix else 0


def apply(system: System, plan: Plan) -> Application:
    """Carry out the steps in order, stopping at the first that fails.

    Raises DevtoolError where nothing has been changed at all: the journal
    cannot be written, another devtool is at work, or the first step must not be done.
    """
    journal = Journal(system)
    with journal.lock():
        record = _Record(journal, journal.begin())
        try:
            for step in plan.steps:
                _carry_out(system, record, step)
        except DevtoolError as error:
            failed = replace(record.fix, state="failed")
            if all(entry.state == "refused" for entry in failed.entries):
                record.forget()
                if not failed.entries:
                    raise
                return Application(failed, error)
            with suppress(DevtoolError):  # a full disk: what is on disk already is enough to undo
                record.write(failed)
            return Application(failed, error)
        except KeyboardInterrupt:
            system.console.note("stopped half-way; `devtool undo` takes back what was done")
            raise
        if not record.fix.entries:
            record.forget()
            return Application(None)
        record.write(replace(record.fix, state="done"))
        return Application(record.fix)


@dataclass
class _Record:
    """The fix as it stands on disk."""

    journal: Journal
    fix: Fix

    def write(self, fix: Fix) -> None:
        self.journal.save(fix)
        self.fix = fix

    def forget(self) -> None:
        with suppress(DevtoolError):  # an empty fix left behind does no harm; the cause must be heard
            self.journal.forget(self.fix)


def _carry_out(system: System, record: _Record, step: Step) -> None:
    action, fix = step.action, record.fix
    bench = Workbench(system, partial(record.journal.keep, fix), record.journal.scratch(fix))
    prepared = EXECUTORS[type(action)](bench, action)
    if prepared is None:
        return
    entry = Entry(redact(action.preview), redact(action.reason), step.asked_by, prepared.changes)
    record.write(replace(fix, entries=(*fix.entries, entry)))
    before = installed_by_dpkg(system) if isinstance(action, InstallPackages) else frozenset()
    try:
        prepared.carry_out()
        entry = replace(entry, state="done")
    except RefusedError:
        entry = replace(entry, state="refused")
        raise
    finally:
        if isinstance(action, InstallPackages) and (new := installed_by_dpkg(system) - before):
            state = "intended" if entry.state == "refused" else entry.state
            entry = replace(entry, changes=(_with_what_came_along(action, new),), state=state)
        if isinstance(action, RunCommand | InstallPackages):
            entry = replace(entry, changes=(*entry.changes, *_touched(system, fix)))
        record.write(replace(fix, entries=(*fix.entries, entry)))


def _with_what_came_along(action: InstallPackages, new: frozenset[str]) -> CommandRun:
    """The way back from an installation by dpkg: what came along may need what was asked for, so both go."""
    undo = ("dpkg", "--remove", *sorted({*new, *action.fresh}))
    return CommandRun(action.command, undo, action.needs_root)


def _touched(system: System, fix: Fix) -> list[FileChange]:
    """What a program just did to files that this fix had changed before.

    Else undo would take it for somebody's edit, and refuse.
    """
    known = {c.path: c.after for entry in fix.entries for c in entry.changes if isinstance(c, FileChange)}
    present = {path: digest(system.files.read_bytes(path)) for path in known}
    return [FileChange(path, known[path], present[path]) for path in known if present[path] != known[path]]
