"""JUnit XML, as CI servers read it: a finding is a test case, a failure one that failed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from devtool.model.report import Finding, Report

_TAGS = {"failure": "failure", "warning": "failure", "unknown": "error", "skipped": "skipped"}


def render(report: Report, **_: Any) -> str:
    """The report as one test suite. A warning fails its case only where it makes the report not ready."""
    cases = [_case(finding, report.strict) for finding in report.ordered]
    suite = ElementTree.Element(
        "testsuite",
        name="devtool.doctor",
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(report.count("unknown")),
        skipped=str(report.count("skipped")),
        time=f"{sum(f.seconds for f in report.findings):.3f}",
    )
    suite.extend(cases)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode")


def _case(finding: Finding, strict: bool) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase", classname="devtool.doctor", name=finding.id, time=f"{finding.seconds:.3f}"
    )
    details = "\n".join([*finding.evidence, *(f"cure: {remedy.summary}" for remedy in finding.remedies)])
    if finding.severity in _TAGS and (strict or finding.severity != "warning"):
        outcome = ElementTree.SubElement(case, _TAGS[finding.severity], message=_legal(finding.summary))
        outcome.text = _legal(details)
    else:
        ElementTree.SubElement(case, "system-out").text = _legal(
            "\n".join([finding.summary, details]).strip()
        )
    return case


def _legal(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot carry (section 2.2)."""
    return "".join(
        c
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
        else "\ufffd"
        for c in text
    )
