"""What mirrors answered, and the plan that comes of it: for a person, a program and a shell."""

from __future__ import annotations

from typing import Any

from devtool.model.mirror_survey import Asked, Comparison, Survey
from devtool.model.plan_text import step_text
from devtool.render.document import document
from devtool.render.layout import measure
from devtool.render.paint import plain
from devtool.render.setup import step_data
from devtool.render.wrapping import wrapped


def render_survey(survey: Survey, form: str, width: int = 80) -> str:
    """The survey as `text`, `json` or `shell`; the width matters to text only."""
    if form == "json":
        return document(_data(survey))
    if form == "shell":
        return _script(survey)
    return "\n".join(_text(survey, measure(width)))


def nothing_text(survey: Survey) -> str:
    """What is said where nothing is to be changed."""
    return "nothing to do" if survey.ready else "nothing that devtool could do by itself"


def comparison_text(survey: Survey, width: int) -> list[str]:
    """Each kind with its candidates, the fastest first, and what comes of it."""
    return [line for each in survey.comparisons for line in _comparison(each, measure(width))]


def _text(survey: Survey, width: int) -> list[str]:
    lines = comparison_text(survey, width)
    for number, step in enumerate(survey.plan.steps, 1):
        lines += [*step_text(number, step, False, width), ""]
    count = len(survey.plan.steps)
    return [*lines, f"{count} step{'s' if count > 1 else ''}" if count else nothing_text(survey)]


def _comparison(comparison: Comparison, width: int) -> list[str]:
    lines = [f"{comparison.kind}: {comparison.what}"]
    for each in comparison.ordered:
        lines += wrapped(f"{_time(each):>8}  {plain(_said(each))}", width, "", " " * 10)
    return [*lines, *wrapped(plain(comparison.verdict), width, "  => ", "     "), ""]


def _time(asked: Asked) -> str:
    return "-" if asked.seconds is None else f"{asked.seconds * 1000:.0f} ms"


def _said(asked: Asked) -> str:
    who = f"{asked.mirror.shown} ({asked.mirror.source}{', now' if asked.present else ''})"
    return f"{who}: {asked.trouble}" if asked.trouble else who


def _script(survey: Survey) -> str:
    lines = ["#!/bin/sh", "# What `devtool setup --probe-mirrors` would do.", "set -eu"]
    lines += ["", *(f"# {line}".rstrip() for line in comparison_text(survey, 100))]
    return "\n".join(
        [*lines, survey.plan.transcript() if survey.plan.steps else f"echo '{nothing_text(survey)}'"]
    )


def _data(survey: Survey) -> dict[str, Any]:
    return {
        "kinds": [
            {
                "kind": each.kind,
                "verdict": each.verdict,
                "trouble": each.trouble,
                "chosen": each.chosen.mirror.shown if each.chosen else None,
                "candidates": [
                    {
                        "url": asked.mirror.shown,
                        "source": asked.mirror.source,
                        "present": asked.present,
                        "seconds": None if asked.seconds is None else round(asked.seconds, 4),
                        "trouble": asked.trouble or None,
                    }
                    for asked in each.ordered
                ],
            }
            for each in survey.comparisons
        ],
        "steps": [step_data(step, False) for step in survey.plan.steps],
    }
