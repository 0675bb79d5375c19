"""Fixes in the journal, as text and as JSON, from the same values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devtool.model.fix import Change, CommandRun, Entry, Fix
from devtool.model.moved_branch import BranchMoved
from devtool.render.document import document
from devtool.render.paint import plain

_STATES = {
    "begun": "cut off half-way",
    "done": "done",
    "failed": "stopped half-way",
    "undone": "taken back",
    "partly": "taken back but for what needs root",
}


def render_fixes(fixes: Sequence[Fix], form: str) -> str:
    """The fixes as they come, `text` or `json`."""
    if form == "json":
        return document({"fixes": [_data(fix) for fix in fixes]})
    return "\n".join(line for fix in fixes for line in _lines(fix)) or "no fixes"


def _lines(fix: Fix) -> list[str]:
    stays = "" if fix.undoable or fix.state == "undone" else ", cannot be taken back"
    return [f"fix {fix.id}  {fix.time}  {_STATES[fix.state]}{stays}", *map(_line, fix.entries)]


def _line(entry: Entry) -> str:
    asked_by = f"{', '.join(entry.asked_by)}: " if entry.asked_by else ""
    return f"  {asked_by}{plain(entry.reason)} ({', '.join(_things(entry))})"


def _things(entry: Entry) -> list[str]:
    return [f"`{_thing(change)}`" for change in entry.changes]


def _thing(change: Change) -> str:
    """The command, the branch or the path."""
    if isinstance(change, CommandRun):
        return change.line
    return change.ref if isinstance(change, BranchMoved) else change.path


def _data(fix: Fix) -> dict[str, Any]:
    return {
        "id": fix.id,
        "time": fix.time,
        "devtool": fix.devtool,
        "state": fix.state,
        "undoable": fix.undoable,
        "actions": [
            {
                "asked_by": list(entry.asked_by),
                "reason": entry.reason,
                "preview": entry.preview,
                "state": entry.state,
                "undoable": entry.undoable,
                "changes": list(map(_thing, entry.changes)),
            }
            for entry in fix.entries
        ],
    }
