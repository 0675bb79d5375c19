"""A report as a SARIF log."""

from __future__ import annotations

from typing import Any

from devtool.model.report import Finding, Report
from devtool.render.sarif_log import artifact, sarif_log, verdict

_LEVELS = {"failure": "error", "warning": "warning"}
_KINDS = {"ok": "pass", "skipped": "notApplicable", "unknown": "open"}


def render(report: Report, **_: Any) -> str:
    """The report as one run; a finding points at the line of the checkout that states the need."""
    rules = [{"id": f.id, "shortDescription": {"text": f.id}} for f in report.ordered]
    return sarif_log(rules, [_result(number, finding) for number, finding in enumerate(report.ordered)])


def _result(number: int, finding: Finding) -> dict[str, Any]:
    cures = [f"cure: {remedy.summary}" for remedy in finding.remedies]
    return {
        "ruleId": finding.id,
        "ruleIndex": number,
        **verdict(_KINDS.get(finding.severity, "fail"), _LEVELS.get(finding.severity, "none")),
        "message": {"text": "\n".join([finding.summary, *cures])},
        "locations": _locations(finding),
    }


def _locations(finding: Finding) -> list[dict[str, Any]]:
    place = source_line(finding)
    if place is None:
        return []
    path, line = place
    return [{"physicalLocation": {"artifactLocation": artifact(path), "region": {"startLine": line}}}]


def source_line(finding: Finding) -> tuple[str, int] | None:
    """Path and line of the checkout that state the finding's need, if one does."""
    source = finding.requirement.source if finding.requirement else None
    path, _, line = (source or "").rpartition(":")
    return (path, int(line)) if path and line.isdigit() else None
