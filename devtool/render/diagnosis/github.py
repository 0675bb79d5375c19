"""A diagnosis as GitHub Actions annotations: what followed or is refuted as mere notices."""

from __future__ import annotations

from typing import Any

from devtool.model.diagnosis import Diagnosis, FailureFinding, UnknownError
from devtool.render.annotation import annotation, escaped
from devtool.render.diagnosis.wording import address, details, headline, verdict

_LEVELS = {"failure": "error", "warning": "warning"}


def render(diagnosis: Diagnosis, **_: Any) -> str:
    """The annotations, then one line that sums up."""
    lines = [*map(_finding, diagnosis.findings), *map(_unknown, diagnosis.unrecognised)]
    return "\n".join([*lines, escaped(f"devtool diagnose: {verdict(diagnosis)}")])


def _finding(finding: FailureFinding) -> str:
    level = "notice" if finding.follows or finding.state == "refuted" else _LEVELS[finding.severity]
    message = f"{finding.summary}\n{details(finding)}"
    return annotation(level, f"devtool {finding.id}", message, address(finding.excerpt))


def _unknown(unknown: UnknownError) -> str:
    message = f"{headline(unknown)}\n{unknown.excerpt.said}"
    return annotation("warning", "devtool: unknown error", message, address(unknown.excerpt))
