"""A diagnosis as JUnit XML: a failure is a test case that failed, an unknown error one in error."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from devtool.model.diagnosis import Diagnosis, FailureFinding, UnknownError
from devtool.render.diagnosis.wording import details, headline, place, verdict
from devtool.render.suite import case, suite

_SUITE = "devtool.diagnose"


def render(diagnosis: Diagnosis, **_: Any) -> str:
    """The diagnosis as one test suite; what is refuted or a mere warning passes."""
    cases = [*map(_finding, diagnosis.findings), *map(_unknown, diagnosis.unrecognised)]
    # CI servers take a suite without a case for a broken one.
    return suite(_SUITE, cases or [case(_SUITE, "known-failures", None, verdict(diagnosis), "")])


def _finding(finding: FailureFinding) -> ElementTree.Element:
    failed = finding.severity == "failure" and finding.state != "refuted"
    return case(_SUITE, finding.id, "failure" if failed else None, finding.summary, details(finding))


def _unknown(unknown: UnknownError) -> ElementTree.Element:
    shown = "\n".join(unknown.excerpt.lines)
    return case(_SUITE, place(unknown.excerpt), "error", headline(unknown), shown)
