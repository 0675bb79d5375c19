"""A diagnosis as JSON."""

from __future__ import annotations

from typing import Any

from devtool.model.diagnosis import Diagnosis, Excerpt, FailureFinding, UnknownError
from devtool.render.document import document


def render(diagnosis: Diagnosis, **_: Any) -> str:
    """The diagnosis as an indented JSON document."""
    return document(
        {
            "findings": [_finding(finding) for finding in diagnosis.findings],
            "unrecognised": [_unknown(unknown) for unknown in diagnosis.unrecognised],
            "template": diagnosis.template,
            "failed": diagnosis.failed,
            "confirmed_here": diagnosis.confirmed_here,
            "sources": list(diagnosis.sources),
            "lines": diagnosis.lines,
        }
    )


def _finding(finding: FailureFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "primary": finding.primary,
        "state": finding.state,
        "count": finding.count,
        **_excerpt(finding.excerpt),
        "summary": finding.summary,
        "cause": finding.cause,
        "remedies": [
            {"text": cure.text, "commands": list(cure.commands), "condition": cure.condition}
            for cure in finding.cures
        ],
        "wrong": finding.wrong,
        "follows": finding.follows,
        "evidence": list(finding.evidence),
        "links": list(finding.links),
        "knowledge": finding.knowledge,
    }


def _unknown(unknown: UnknownError) -> dict[str, Any]:
    return {"count": unknown.count, "folded": unknown.folded, **_excerpt(unknown.excerpt)}


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "source": excerpt.source,
        "line": excerpt.line,
        "first_line": excerpt.first_line,
        "excerpt": "\n".join(excerpt.lines),
    }
