"""A report of a pull request as GitHub Actions annotations."""

from __future__ import annotations

from typing import Any

from devtool.model.pull_request import Judgement, PullRequestReport
from devtool.render.annotation import annotation
from devtool.render.paint import plain
from devtool.render.pull_request.wording import cure_lines, details, told, verdict

_LEVELS = {"failure": "error", "unknown": "warning", "warning": "warning"}


def render(report: PullRequestReport, **_: Any) -> str:
    """One annotation for each rule that needs attention, then one line that sums up."""
    return "\n".join([*map(_annotation, told(report)), plain(f"devtool pr: {verdict(report)}")])


def _annotation(judgement: Judgement) -> str:
    lines = [
        judgement.summary,
        *(f"{label}: {text}" for label, text in details(judgement)),
        *(f"cure: {text}" for text in cure_lines(judgement)),
    ]
    # At the file that it is about; the line that states a rule is not what the pull request changes.
    place = (judgement.path, 1) if judgement.path else None
    return annotation(
        _LEVELS[judgement.severity], f"devtool {judgement.rule}", "\n".join(map(plain, lines)), place
    )
