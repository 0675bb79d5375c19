"""A report of a pull request as JUnit XML: a rule is a test case, a broken one that failed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from devtool.model.pull_request import Judgement, PullRequestReport
from devtool.render.pull_request.wording import cure_lines, details
from devtool.render.suite import case, suite

_SUITE = "devtool.pr"
_OUTCOMES = {"failure": "failure", "warning": "failure", "unknown": "error", "skipped": "skipped"}


def render(report: PullRequestReport, **_: Any) -> str:
    """The report as one test suite. A warning fails its case only where it holds the pull request up."""
    return suite(_SUITE, [_case(each, report.strict) for each in report.judgements])


def _case(judgement: Judgement, strict: bool) -> ElementTree.Element:
    outcome = _OUTCOMES.get(judgement.severity) if strict or judgement.severity != "warning" else None
    lines = [*(f"{label}: {text}" for label, text in details(judgement)), *cure_lines(judgement)]
    return case(_SUITE, judgement.rule, outcome, judgement.summary, "\n".join(lines))
