"""A report as JUnit XML: a finding is a test case, a failure one that failed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from devtool.model.report import Finding, Report
from devtool.render.suite import case, suite

_SUITE = "devtool.doctor"
_OUTCOMES = {"failure": "failure", "warning": "failure", "unknown": "error", "skipped": "skipped"}


def render(report: Report, **_: Any) -> str:
    """The report as one test suite. A warning fails its case only where it makes the report not ready."""
    cases = [_case(finding, report.strict) for finding in report.ordered]
    return suite(_SUITE, cases, sum(f.seconds for f in report.findings))


def _case(finding: Finding, strict: bool) -> ElementTree.Element:
    outcome = _OUTCOMES.get(finding.severity) if strict or finding.severity != "warning" else None
    details = "\n".join([*finding.evidence, *(f"cure: {remedy.summary}" for remedy in finding.remedies)])
    return case(_SUITE, finding.id, outcome, finding.summary, details, finding.seconds)
