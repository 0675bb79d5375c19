"""A setup plan: for a person, for a program, and as a shell script to read and run."""

from __future__ import annotations

import shlex
from typing import Any

from devtool.model.mirrors import Mirror
from devtool.model.plan_text import plan_text
from devtool.model.remedy import Step
from devtool.model.report import Finding
from devtool.model.setup import Setup
from devtool.render.document import document
from devtool.render.paint import plain
from devtool.render.wrapping import wrapped

FORMS = ("text", "json", "shell")


def render_setup(setup: Setup, form: str, width: int = 80) -> str:
    """The plan in one of FORMS; the width matters to text only."""
    if form == "json":
        return document(_data(setup))
    if form == "shell":
        return _script(setup)
    return "\n".join(_text(setup, min(max(width, 40), 100)))


def _text(setup: Setup, width: int) -> list[str]:
    needs = setup.report.needs
    where = f"{needs.project} in {needs.root}" if needs.project else "no project here: the machine alone"
    lines = [plain(where), *(plain(mirror.line) for mirror in setup.mirrors), ""]
    steps = plan_text(setup.plan.steps, setup.is_root, width) if setup.plan.steps else [_nothing(setup)]
    lines += steps[:-1]
    for finding in setup.left:
        lines += [*_left(finding, width), ""]
    return [*lines, steps[-1]]


def _nothing(setup: Setup) -> str:
    return "nothing that devtool could do by itself" if setup.left else "nothing to do"


def _left(finding: Finding, width: int) -> list[str]:
    lines = wrapped(plain(finding.headline), width, "left to you: ", "   ")
    for remedy in finding.remedies[:1]:
        lines += wrapped(plain(remedy.summary), width, "   cure: ", "         ")
    return lines


def _script(setup: Setup) -> str:
    needs = setup.report.needs
    where = f"{needs.project} in {needs.root}" if needs.project else "this machine"
    lines = ["#!/bin/sh", f"# What `devtool setup` would do for {plain(where)}.", "set -eu"]
    for mirror in setup.mirrors:
        lines += ["", *_exports(mirror)]
    if setup.plan.steps:
        lines += ["", setup.plan.transcript(setup.is_root, stops=True)]
    else:
        lines += ["", f"echo '{_nothing(setup)}'"]
    for finding in setup.left:
        lines += ["", f"# left to you: {plain(finding.headline)}"]
    return "\n".join(lines)


def _exports(mirror: Mirror) -> list[str]:
    without = "; add its login yourself" if mirror.has_login else ""
    settings = [f"export {name}={shlex.quote(value)}" for name, value in mirror.shown_variables]
    return [f"# {plain(mirror.line)}{without}", *settings]


def _data(setup: Setup) -> dict[str, Any]:
    needs = setup.report.needs
    return {
        "project": needs.project,
        "root": needs.root,
        "mirrors": [
            {"kind": each.kind, "url": each.shown, "source": each.source, "used": each.is_used}
            for each in setup.mirrors
        ],
        "steps": [step_data(step, setup.is_root) for step in setup.plan.steps],
        "left": [
            {"id": each.id, "summary": each.summary, "cures": [remedy.summary for remedy in each.remedies]}
            for each in setup.left
        ],
    }


def step_data(step: Step, is_root: bool) -> dict[str, Any]:
    """One step for a program."""
    return {
        "asked_by": list(step.asked_by),
        "type": type(step.action).__name__,
        "reason": step.action.reason,
        "found": list(step.found),
        "command": _command(step, is_root),
        "needs_root": step.action.needs_root,
        "download_bytes": step.download_bytes,
        "undoable": step.undoable,
    }


def _command(step: Step, is_root: bool) -> str:
    return step.action.command if is_root else step.action.preview
