"""What an editor's files become, as text, as JSON and as a unified diff, from the same values."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Mapping
from typing import Any

from devtool.model.editor import Conflict, EditedFile, Edition
from devtool.model.redaction import redact
from devtool.model.text_change import unified
from devtool.render.document import document
from devtool.render.paint import plain

_LONGEST = 240


def render_text(edition: Edition, *, check: bool, user: bool) -> str:
    """One line a file, then what stays as the person has it, then what to do."""
    lines = [_line(file, check) for file in edition.files]
    if edition.conflicts:
        lines += ["", "yours stays where it differs from devtool's:"]
        lines += [line for file in edition.files for each in file.conflicts for line in _told(file, each)]
        command = shlex.join(["devtool", "vscode", *(["--user"] if user else []), "--force"])
        key = plain(shlex.quote(edition.conflicts[0].key))
        lines += ["", f"`{command} {key}` takes devtool's, `{command} all` all of devtool's"]
    if edition.fix is not None:
        lines += ["", f"`devtool undo` takes back fix {edition.fix}"]
    return "\n".join(lines)


def render_diff(edition: Edition) -> str:
    """Every change as a unified diff; empty where nothing changes."""
    diffs = (unified(file.before, file.after, file.path) for file in edition.files if file.changes)
    return "\n".join(map(_diff_line, redact("".join(diffs)).rstrip("\n").split("\n")))


def render_json(edition: Edition) -> str:
    """The same under schema 1."""
    files = [_data(file) for file in edition.files]
    return document({"changes": edition.changes, "fix": edition.fix, "files": files})


def _line(file: EditedFile, check: bool) -> str:
    name = plain(file.path)
    if not file.changes:
        return f"{name}: nothing to change"
    would = "would be " if check else ""
    if file.before is None:
        return f"{name}: {would}made"
    parts = [(file.added, "added"), (file.replaced, "replaced")]
    done = ", ".join(
        f"{len(keys)} {'key' if len(keys) == 1 else 'keys'} {would}{verb}" for keys, verb in parts if keys
    )
    return f"{name}: {done}"


def _diff_line(line: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    return "\t".join(map(plain, line.removesuffix("\r").split("\t"))) + end


def _told(file: EditedFile, conflict: Conflict) -> list[str]:
    return [
        f"  {posixpath.basename(file.path)}: {plain(conflict.key)}",
        f"    yours    {_shown(conflict.theirs)}",
        f"    devtool  {_shown(conflict.ours)}",
    ]


def _shown(value: str) -> str:
    text = plain(" ".join(redact(value).split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _data(file: EditedFile) -> Mapping[str, Any]:
    state = "unchanged" if not file.changes else "new" if file.before is None else "changed"
    return {
        "path": file.path,
        "state": state,
        "added": list(file.added),
        "replaced": list(file.replaced),
        "conflicts": [
            {"key": each.key, "theirs": redact(each.theirs), "ours": each.ours} for each in file.conflicts
        ],
    }
