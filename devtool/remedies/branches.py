"""Moving a branch, and back. What is checked out stays: the commits on both sides have the same files."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from devtool.adapters.branches import drop_ref, find_under_way, holders, keep_commit, tip
from devtool.adapters.branches import move_branch as update
from devtool.errors import DevtoolError
from devtool.model.moved_branch import HEADS, BranchMoved, MoveBranch
from devtool.remedies.bench import Prepared, Workbench

if TYPE_CHECKING:
    from devtool.model.fix import Fix
    from devtool.system import System


def move_branch(bench: Workbench, action: MoveBranch) -> Prepared | None:
    """Keep the commit from before under a ref of its own, then move the branch at once."""
    system, repository = bench.system, action.repository
    present = tip(system, repository, action.ref)
    if present == action.after:
        return None
    if present != action.before:
        raise DevtoolError(f"`{_name(action.ref)}` has moved meanwhile", "try again")

    def carry_out() -> None:
        keep_commit(system, repository, action.kept, action.before)
        update(system, repository, action.ref, action.before, action.after, f"devtool: {action.reason}")

    change = BranchMoved(repository, action.ref, action.before, action.after, action.kept)
    return Prepared((change,), carry_out)


def look_at_branch(system: System, fix: Fix, change: BranchMoved) -> str | None:
    """What to do about the branch, None where it is back. Raises DevtoolError where it has moved on."""
    name, present = _name(change.ref), tip(system, change.repository, change.ref)
    if present == change.before:
        kept = tip(system, change.repository, change.kept) == change.before
        return f"remove `{change.kept}`" if kept else None
    if present is None:
        raise DevtoolError(
            f"the branch `{name}` was removed since fix {fix.id}: nothing was undone", _kept(change)
        )
    if present != change.after:
        raise DevtoolError(
            f"the branch `{name}` has moved on since fix {fix.id}: nothing was undone", _kept(change)
        )
    if (what := find_under_way(system, change.repository)) is not None:
        raise DevtoolError(f"git is in the middle of {what}: nothing was undone", "end it, then try again")
    if tip(system, change.repository, change.before) is None:
        raise DevtoolError(f"the commit {change.before} from before fix {fix.id} is gone")
    pushed = holders(system, change.repository, [change.after], "refs/remotes")
    if pushed:
        said = f"`{pushed[0]}` has the new commits of `{name}` by now: nothing was undone"
        raise DevtoolError(said, _kept(change))
    return f"let `{name}` name {change.before[:10]} again"


def move_branch_back(system: System, change: BranchMoved) -> None:
    """Let the branch name what it did, then drop the ref that kept it."""
    if tip(system, change.repository, change.ref) == change.after:
        update(system, change.repository, change.ref, change.after, change.before, "devtool undo")
    if tip(system, change.repository, change.kept) == change.before:
        drop_ref(system, change.repository, change.kept, change.before)


def _kept(change: BranchMoved) -> str:
    shown = shlex.join(["git", "-C", change.repository, "log", change.kept])
    return f"the commits from before are kept: `{shown}`"


def _name(ref: str) -> str:
    return ref.removeprefix(HEADS)
