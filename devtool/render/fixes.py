"""Fixes in the journal, as text and as JSON, from the same values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devtool.model.fix import Change, CommandRun, Entry, Fix
from devtool.model.moved_branch import BranchMoved
from devtool.render.document import document
from devtool.render.layout import hint, measure, rows_of
from devtool.render.paint import plain

_MOST_ROWS = 2
"""For the reason of one action."""
_STATES = {
    "begun": "cut off half-way",
    "done": "done",
    "failed": "stopped half-way",
    "undone": "taken back",
    "partly": "taken back but for what needs root",
}


def render_fixes(fixes: Sequence[Fix], form: str, width: int = 80) -> str:
    """The fixes as they come, `text` or `json`; the width matters to text only."""
    if form == "json":
        return document({"fixes": [_data(fix) for fix in fixes]})
    if not fixes:
        return "no fixes"
    width = measure(width)
    lines = [line for fix in fixes for line in _lines(fix, width)]
    return "\n".join([*lines, "", *_hints(fixes, width)])


def _lines(fix: Fix, width: int) -> list[str]:
    is_back = fix.undoable or fix.state in ("undone", "partly")
    stays = "" if is_back else ", cannot be taken back"
    head = f"fix {fix.id}  {fix.time}  {_STATES[fix.state]}{stays}"
    return [head, *(f"  {row}" for entry in fix.entries for row in _rows(entry, width - 2))]


def _rows(entry: Entry, width: int) -> list[str]:
    asked_by = f"{', '.join(entry.asked_by)}: " if entry.asked_by else ""
    never = "never begun: " if entry.state == "refused" else ""
    return rows_of(f"{never}{asked_by}{plain(entry.reason)}", width, _MOST_ROWS)


def _hints(fixes: Sequence[Fix], width: int) -> list[str]:
    standing = next((fix.id for fix in fixes if fix.undoable), None)
    way = hint(f"`devtool undo {standing} --dry-run`", "says what that would take back", width)
    every = hint("`devtool undo --list --format json`", "has every command and path", width)
    return [*(way if standing else []), *every]


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
