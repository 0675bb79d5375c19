"""Why a tool is needed as it is: the line that says so, and the commit that last changed it."""

from __future__ import annotations

import posixpath
from difflib import get_close_matches
from typing import TYPE_CHECKING

from devtool.adapters.objects import RevisionTree
from devtool.adapters.repository import last_change
from devtool.errors import InputError
from devtool.model.reason import Reason
from devtool.requirements.reading import find_profile, open_objects, read, settle_needs

if TYPE_CHECKING:
    from devtool.model.requirement import Needs, Requirement
    from devtool.system import System


def find_reason(system: System, start: str, tool: str, revision: str | None = None) -> Reason:
    """Why `tool` is needed as it is, in the working tree or at `revision`. Raises InputError."""
    with open_objects(system, start) as (objects, root, below):
        committed = objects.at(revision or "HEAD", below)
        if revision is None:
            needs = read(system, start).needs
        else:
            needs = settle_needs(committed, find_profile(committed, posixpath.basename(root)), root)
        made = _named(needs, tool)
        path, _, number = (made.source or "").rpartition(":")
        if not path:
            return Reason(needs.project, made, None, None)
        text = _line(system, root, path, int(number)) if revision is None else None
        there = _committed_line(committed, path, int(number), text)
        if there is None:
            return Reason(needs.project, made, (text or "").strip(), None)
        place = posixpath.join(below, path)
        change = last_change(system, objects.repository, committed.commit, place, there[0])
        return Reason(needs.project, made, there[1].strip(), change)


def _named(needs: Needs, tool: str) -> Requirement:
    made = needs.tool(tool)
    if made is None:
        names = [r.tool for r in needs.requirements]
        near = get_close_matches(tool, names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(names)}"
        raise InputError(f"`{tool}` is not a tool of this checkout", hint)
    return made


def _line(system: System, root: str, path: str, number: int) -> str:
    lines = (system.files.read_text(posixpath.join(root, path)) or "").split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _committed_line(tree: RevisionTree, path: str, number: int, text: str | None) -> tuple[int, str] | None:
    """Where the commit holds the line: the nearest equal one, as lines above may have come or gone.

    Not `git blame` of the working tree: to compare, that would run the clean
    filters which the repository's configuration names.
    """
    lines = (tree.read(path) or "").split("\n")
    if text is None:
        return (number, lines[number - 1]) if number <= len(lines) else None
    same = [n for n, line in enumerate(lines, 1) if line.rstrip("\r") == text.rstrip("\r")]
    nearest = min(same, key=lambda n: abs(n - number), default=None)
    return None if nearest is None else (nearest, text)
