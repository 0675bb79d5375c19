"""What can be built, and what a build would do, as text and as JSON from the same values."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from devtool.model.build import BuildPlan, Target
from devtool.model.report import Report
from devtool.render.document import document
from devtool.render.json import finding_data
from devtool.render.layout import measure
from devtool.render.paint import paint, plain
from devtool.render.text import finding_block
from devtool.render.wrapping import wrapped

_PLACES = {
    "devcontainer": "in the dev container",
    "builder": "in a builder of its own",
    "local": "on this machine",
}


def render_targets(project: str, targets: Sequence[Target], form: str, width: int) -> str:
    """What can be built by name, as text or JSON."""
    if form == "json":
        return document({"project": project, "targets": [_target_data(each) for each in targets]})
    described = [each for each in targets if each.title]
    wide = max((len(each.name) for each in described), default=0)
    lines = [f"Targets of {project}: `devtool build TARGET`", ""]
    for each in described:
        said = f"{each.title}{' (the default)' if each.default else ''}: `{_typed(each)}`"
        lines += wrapped(plain(said), measure(width), f"  {each.name:<{wide}}  ", " " * (wide + 4))
    others = [each.name for each in targets if not each.title]
    if others:
        lines += ["", *wrapped(f"And those of the Makefile: {plain(', '.join(others))}", measure(width))]
    return "\n".join(lines)


def render_plan(plan: BuildPlan, form: str, *, colour: bool, width: int) -> str:
    """What would be done and why, as text or JSON."""
    if form == "json":
        return document(_plan_data(plan))
    setting = [f"{name}={shlex.quote(value)}" for name, value in plan.environment.items()]
    where = _PLACES[plan.place.name]
    rows = [
        ("target", f"{plan.target.name}: {plan.target.title or plan.target.line}"),
        ("where", f"{where}: {plan.place.reason}"),
        ("jobs", f"{plan.jobs.count}: {plan.jobs.reason}"),
        *([("image", plan.image)] if plan.image else []),
        *([("container", plan.container)] if plan.container else []),
        *([("cache", plan.cache)] if plan.cache else []),
        ("folder", plan.folder),
        ("command", " ".join([*setting, shlex.join(plan.argv)])),
    ]
    lines = [f"{label + ':':<11}{plain(said)}" for label, said in rows]
    told = gate_lines(plan.gates, ("failure", "unknown", "warning"), colour, width)
    return "\n".join([*lines, *([""] if told else []), *told])


def beginning(plan: BuildPlan) -> str:
    """One line that says what is built where, with how many jobs, and why so."""
    jobs = f"{plan.jobs.count} job{'s' if plan.jobs.count != 1 else ''} ({plan.jobs.reason})"
    return f"`{_typed(plan.target)}` {_PLACES[plan.place.name]} ({plain(plan.place.reason)}), {jobs}"


def gate_lines(gates: Report, severities: Sequence[str], colour: bool, width: int) -> list[str]:
    """The findings of these severities, with their cures."""
    return [
        line
        for finding in gates.ordered
        if finding.severity in severities
        for line in finding_block(finding, measure(width), colour)
    ]


def stopped(gates: Report, colour: bool) -> str:
    """The line that says why nothing was built."""
    failed = [finding.id for finding in gates.ordered if finding.severity == "failure"]
    return f"{paint('not built', 'failure', colour)}: {', '.join(failed)}; `--no-gate` builds all the same"


def _typed(target: Target) -> str:
    setting = [f"{name}={shlex.quote(value)}" for name, value in target.environment.items()]
    return " ".join([*setting, target.line])


def _target_data(target: Target) -> dict[str, Any]:
    return {
        "name": target.name,
        "line": target.line,
        "title": target.title,
        "environment": dict(target.environment),
        "default": target.default,
    }


def _plan_data(plan: BuildPlan) -> dict[str, Any]:
    return {
        "target": _target_data(plan.target),
        "place": {"name": plan.place.name, "reason": plan.place.reason},
        "jobs": {"count": plan.jobs.count, "reason": plan.jobs.reason},
        "argv": list(plan.argv),
        "folder": plan.folder,
        "environment": dict(plan.environment),
        "container": plan.container,
        "image": plan.image,
        "cache": plan.cache,
        "ready": plan.gates.count("failure") == 0,
        "gates": [finding_data(finding) for finding in plan.gates.ordered],
    }
