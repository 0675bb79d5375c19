"""Whether a branch may be given other commits: what forbids it, and what the person says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.errors import DevtoolError

if TYPE_CHECKING:
    from devtool.model.rewriting import Rewriting
    from devtool.system import System

_MOST = 5


def see_free(rewriting: Rewriting, *, force: bool) -> None:
    """Raise DevtoolError where something is in the way, and the person may not or does not force it."""
    for obstacle in rewriting.obstacles:
        if not (force and obstacle.forceable):
            raise DevtoolError(f"nothing was changed: {obstacle.said}", obstacle.hint)


def agreed(system: System, rewriting: Rewriting, *, yes: bool, force: bool) -> bool:
    """Whether the person agrees. Raises DevtoolError where nobody can be asked who has to be."""
    console, lost = system.console, rewriting.signatures_lost
    if lost and not force:
        named = ", ".join(each[:10] for each in lost[:_MOST]) + (", …" if len(lost) > _MOST else "")
        said = f"{_commits(len(lost))} would lose the cryptographic signature: {named}"
        if not console.interactive:
            raise DevtoolError(f"nothing was changed: {said}", "`--force` says that they may")
        if not console.confirm(f"{said}; go on?"):
            return False
    if yes:
        return True
    if not console.interactive:
        raise DevtoolError(
            "nothing was changed: there is no terminal to ask on, and `--yes` was not given",
            "`--dry-run` shows what would be changed",
        )
    parts = [f"sign {_commits(len(rewriting.signed))}"] if rewriting.signed else []
    parts += ["add a remediation commit"] if rewriting.remediation else []
    return console.confirm(f"{' and '.join(parts)} on `{rewriting.branch}`?")


def _commits(number: int) -> str:
    return "1 commit" if number == 1 else f"{number:,} commits"
