"""What speaks against giving a branch other commits."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from devtool.adapters.branches import find_under_way, holders, is_protected, other_work_tree
from devtool.model.rewriting import Obstacle

if TYPE_CHECKING:
    from devtool.adapters.branches import Branch
    from devtool.system import System

_FORCE = "`--force` rewrites it all the same"
_MOST = 3


def find_obstacles(system: System, branch: Branch, roots: list[str]) -> tuple[Obstacle, ...]:
    """All of them, the gravest first; `roots` are the lowest commits that would get other ids."""
    found = [_busy(system, branch), _elsewhere(system, branch)]
    if roots:
        found += [_pushed(system, branch, roots), _shared(system, branch, roots), _protected(system, branch)]
    return tuple(each for each in found if each is not None)


def _busy(system: System, branch: Branch) -> Obstacle | None:
    what = find_under_way(system, branch.repository)
    return Obstacle(f"git is in the middle of {what}", "end it, then try again") if what else None


def _elsewhere(system: System, branch: Branch) -> Obstacle | None:
    path = other_work_tree(system, branch)
    if path is None:
        return None
    said = f"`{branch.name}` is checked out in `{path}` too"
    return Obstacle(
        said, f"let that work tree have another branch: `git -C {shlex.quote(path)} switch --detach`"
    )


def _pushed(system: System, branch: Branch, roots: list[str]) -> Obstacle | None:
    found = holders(system, branch.repository, roots, "refs/remotes")
    if not found:
        return None
    said = f"some of these commits are pushed: {_listed(found)} has them"
    hint = f"where nobody builds on them {_FORCE}; then `git push --force-with-lease`"
    return Obstacle(said, hint, forceable=True)


def _shared(system: System, branch: Branch, roots: list[str]) -> Obstacle | None:
    others = holders(system, branch.repository, roots, "refs/heads", "refs/tags", besides=branch.ref)
    if not others:
        return None
    said = f"{_listed(others)} {'has' if len(others) == 1 else 'have'} some of these commits too"
    return Obstacle(said, f"{_FORCE}, and leaves the old commits there", forceable=True)


def _protected(system: System, branch: Branch) -> Obstacle | None:
    if not is_protected(system, branch):
        return None
    said = f"`{branch.name}` is a branch that people share, by its name or by what a remote says"
    hint = f"move your commits to a branch of their own: `git switch -c NAME`; {_FORCE}"
    return Obstacle(said, hint, forceable=True)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{each}`" for each in names[:_MOST])
    return f"{shown} and {len(names) - _MOST} more" if len(names) > _MOST else shown
