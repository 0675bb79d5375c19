"""A report as GitHub Actions annotations: one a finding that needs attention."""

from __future__ import annotations

from typing import Any

from devtool.model.report import Finding, Report
from devtool.render.annotation import annotation
from devtool.render.sarif import source_line

_LEVELS = {"failure": "error", "unknown": "warning", "warning": "warning"}


def render(report: Report, **_: Any) -> str:
    """The annotations, then one line that sums up."""
    lines = [_annotation(f) for f in report.ordered if f.severity in _LEVELS]
    verdict = "ready" if report.ready else "not ready"
    return "\n".join([*lines, f"devtool doctor: {verdict}"])


def _annotation(finding: Finding) -> str:
    message = "\n".join([finding.summary, *(f"cure: {remedy.summary}" for remedy in finding.remedies)])
    return annotation(_LEVELS[finding.severity], f"devtool {finding.id}", message, source_line(finding))
