"""A report as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from devtool.model.remedy import Action, Remedy
from devtool.model.report import Finding, Report
from devtool.model.requirement import Requirement
from devtool.render.document import document


def render(report: Report, **_: Any) -> str:
    """The report as an indented JSON document."""
    return document(_report_data(report))


def _report_data(report: Report) -> dict[str, Any]:
    return {
        "ready": report.ready,
        "strict": report.strict,
        "project": report.needs.project,
        "root": report.needs.root,
        "host": asdict(report.host),
        "counts": {
            severity: report.count(severity)
            for severity in ("failure", "unknown", "warning", "ok", "skipped")
        },
        "conflicts": list(report.needs.conflicts),
        "findings": [finding_data(finding) for finding in report.ordered],
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "id": finding.id,
        "severity": finding.severity,
        "summary": finding.summary,
        "evidence": list(finding.evidence),
        "requirement": None if finding.requirement is None else _requirement_data(finding.requirement),
        "remedies": [_remedy_data(remedy) for remedy in finding.remedies],
        "seconds": round(finding.seconds, 4),
    }


def _requirement_data(requirement: Requirement) -> dict[str, Any]:
    return {
        "tool": requirement.tool,
        "specifier": requirement.specifier,
        "confidence": requirement.confidence,
        "source": requirement.source,
    }


def _remedy_data(remedy: Remedy) -> dict[str, Any]:
    return {"summary": remedy.summary, "actions": [_action_data(action) for action in remedy.actions]}


def _action_data(action: Action) -> dict[str, Any]:
    return {
        "type": type(action).__name__,
        "reason": action.reason,
        "preview": action.preview,
        "needs_root": action.needs_root,
    }
