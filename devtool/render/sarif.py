"""SARIF 2.1.0, as code scanning reads it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""

from __future__ import annotations

import json
from typing import Any

from devtool import __version__
from devtool.model.report import Finding, Report

_LEVELS = {"failure": "error", "unknown": "warning", "warning": "warning", "ok": "none", "skipped": "none"}
_KINDS = {"ok": "pass", "skipped": "notApplicable", "unknown": "open"}


def render(report: Report, **_: Any) -> str:
    """The report as one run; a finding points at the line of the checkout that states the need."""
    rules = [{"id": f.id, "shortDescription": {"text": f.id}} for f in report.ordered]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "devtool",
                        "version": __version__,
                        "rules": rules,
                    }
                },
                "results": [_result(number, finding) for number, finding in enumerate(report.ordered)],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _result(number: int, finding: Finding) -> dict[str, Any]:
    cures = [f"cure: {remedy.summary}" for remedy in finding.remedies]
    kind = _KINDS.get(finding.severity, "fail")
    return {
        "ruleId": finding.id,
        "ruleIndex": number,
        "kind": kind,
        # The standard: a level other than "none" goes with kind "fail" only.
        "level": _LEVELS[finding.severity] if kind == "fail" else "none",
        "message": {"text": "\n".join([finding.summary, *cures])},
        "locations": _locations(finding),
    }


def _locations(finding: Finding) -> list[dict[str, Any]]:
    place = source_line(finding)
    if place is None:
        return []
    path, line = place
    return [{"physicalLocation": {"artifactLocation": {"uri": path}, "region": {"startLine": line}}}]


def source_line(finding: Finding) -> tuple[str, int] | None:
    """Path and line of the checkout that state the finding's need, if one does."""
    source = finding.requirement.source if finding.requirement else None
    path, _, line = (source or "").rpartition(":")
    return (path, int(line)) if path and line.isdigit() else None
