"""A plan as a person reads it before agreeing: number, reason, what or the command, root, download."""

from __future__ import annotations

from collections.abc import Sequence

from devtool.model.remedy import Step
from devtool.model.wrapping import folded, plain, wrapped


def step_text(number: int, step: Step, is_root: bool, width: int, *, says_undoable: bool = True) -> list[str]:
    """One step for a person: why, what or the command, and how it is taken back."""
    lead = f"{number}. "
    indent = " " * len(lead)
    action = step.action
    needs_root = action.needs_root and not is_root
    facts = [
        *(["needs root"] if needs_root else []),
        *([f"downloads {step.download}"] if step.download else []),
        *([_undo(step)] if says_undoable or not step.undoable else []),
    ]
    lines = [
        line
        for place, each in enumerate(step.reasons)
        for line in wrapped(plain(each), width, indent if place else lead, indent)
    ]
    if action.what:
        lines += wrapped(plain(action.what), width, indent, indent)
    if needs_root or not action.what:  # what root does is agreed to in its own words
        lines += folded(action.command if is_root else action.preview, width, indent)
    return [*lines, *(wrapped(", ".join(facts), width, indent, indent) if facts else [])]


def plan_text(steps: Sequence[Step], is_root: bool, width: int) -> list[str]:
    """The steps, an empty line after each, and what of them is taken back."""
    lines: list[str] = []
    for number, step in enumerate(steps, 1):
        lines += [*step_text(number, step, is_root, width, says_undoable=False), ""]
    return [*lines, summed_up(steps)]


def summed_up(steps: Sequence[Step]) -> str:
    """How many they are, and that those are taken back of which the plan does not say otherwise."""
    count = f"{len(steps)} step{'s' if len(steps) > 1 else ''}"
    back = sum(step.undoable for step in steps)
    if not back:
        return count
    them = "it" if len(steps) == 1 else "them" if back == len(steps) else f"{back} of them"
    return f"{count}; `devtool undo` takes {them} back"


def _undo(step: Step) -> str:
    return "`devtool undo` takes it back" if step.undoable else "`devtool undo` cannot take it back"
