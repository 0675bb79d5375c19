"""A report of sign-offs as JUnit XML: a commit that breaks the rule is a case that failed."""

from __future__ import annotations

from typing import Any

from devtool.model.dco import SignOffReport
from devtool.render.dco.wording import details, repair_lines, short, verdict
from devtool.render.suite import case, suite

_SUITE = "devtool.dco"


def render(report: SignOffReport, **_: Any) -> str:
    """The report as one test suite; its first case is the range as a whole."""
    advice = "\n".join(line for repair in report.repairs for line in repair_lines(repair))
    outcome = "failure" if report.violations else None
    whole = case(_SUITE, report.range.shown, outcome, verdict(report), "\n".join([*report.notes, advice]))
    cases = [
        case(
            _SUITE,
            f"{short(each.commit)} {each.subject}",
            "failure",
            f"{each.summary} [{each.rule}]",
            "\n".join(f"{label}: {text}" for label, text in details(each)),
        )
        for each in report.violations
    ]
    return suite(_SUITE, [whole, *cases])
