"""GitHub Actions annotations: one workflow command a finding that needs attention.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import Any

from devtool.model.report import Finding, Report
from devtool.render.sarif import source_line

_COMMANDS = {"failure": "error", "unknown": "warning", "warning": "warning"}


def render(report: Report, **_: Any) -> str:
    """The annotations, then one line that sums up."""
    lines = [_annotation(f) for f in report.ordered if f.severity in _COMMANDS]
    verdict = "ready" if report.ready else "not ready"
    return "\n".join([*lines, f"devtool doctor: {verdict}"])


def _annotation(finding: Finding) -> str:
    properties = {"title": f"devtool {finding.id}"}
    if (place := source_line(finding)) is not None:
        properties = {"file": place[0], "line": str(place[1]), **properties}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    cures = [f"cure: {remedy.summary}" for remedy in finding.remedies]
    message = _message("\n".join([finding.summary, *cures]))
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
