"""What the files of a new dev container become: text, JSON and a unified diff from the same values."""

from __future__ import annotations

import posixpath

from devtool.model.editor import EditedFile
from devtool.model.recipe import Initialisation
from devtool.model.redaction import redact
from devtool.model.text_change import unified
from devtool.render.document import document
from devtool.render.paint import plain

_NEXT = (
    "`devtool container up` builds and starts it; VS Code offers to reopen the folder in it",
    "the files are the project's own now: read them, change them, commit them",
)


def render_text(initialisation: Initialisation, *, look_only: bool) -> str:
    """One line a file, what the container has and why, then what is left to the person."""
    made = initialisation.recipe
    lines = [_line(initialisation, file, look_only) for file in initialisation.files]
    lines += ["", f"on {made.base}, with {len(made.packages)} packages of {made.title}"]
    if made.decisions:
        tools = max(len(each.tool) for each in made.decisions)
        brought = max(len(each.brought) for each in made.decisions)
        rows = (f"  {e.tool:{tools}}  {e.brought:{brought}}  {e.reason}" for e in made.decisions)
        lines += map(plain, rows)
    else:
        lines.append("  nothing here says what this project needs: it has a shell, git and little else")
    if made.notes:
        lines += ["", "left to you:", *(f"  {plain(note)}" for note in made.notes)]
    if initialisation.fix is not None:
        lines += ["", *_NEXT, f"`devtool undo` takes back fix {initialisation.fix}"]
    return "\n".join(lines)


def render_diff(initialisation: Initialisation) -> str:
    """Every change as a unified diff; empty where nothing changes."""
    diffs = (unified(f.before, f.after, _name(initialisation, f)) for f in initialisation.files if f.changes)
    return "\n".join(
        "\t".join(map(plain, line.split("\t"))) for line in "".join(diffs).rstrip("\n").split("\n")
    )


def render_json(initialisation: Initialisation) -> str:
    """The same under schema 1."""
    made = initialisation.recipe
    return document(
        {
            "project": made.project,
            "root": initialisation.root,
            "changes": initialisation.changes,
            "fix": initialisation.fix,
            "base": made.base,
            "packages": list(made.packages),
            "tools": [{"tool": e.tool, "brought": e.brought, "reason": e.reason} for e in made.decisions],
            "notes": [redact(note) for note in made.notes],
            "files": [
                {"path": file.path, "state": _state(file), "content": file.after}
                for file in initialisation.files
            ],
        }
    )


def _name(initialisation: Initialisation, file: EditedFile) -> str:
    return posixpath.relpath(file.path, initialisation.root)


def _state(file: EditedFile) -> str:
    return "unchanged" if not file.changes else "new" if file.before is None else "changed"


def _line(initialisation: Initialisation, file: EditedFile, look_only: bool) -> str:
    would = "would be " if look_only else ""
    done = {"unchanged": "nothing to change", "new": f"{would}made", "changed": f"{would}written over"}
    return f"{plain(_name(initialisation, file))}: {done[_state(file)]}"
