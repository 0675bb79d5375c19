"""A report of sign-offs as a SARIF log. A commit is no place in a file: it is named as a logical one."""

from __future__ import annotations

from typing import Any

from devtool.model.commit import Violation
from devtool.model.dco import SignOffReport
from devtool.render.dco.wording import details, headline
from devtool.render.sarif_log import sarif_log, verdict


def render(report: SignOffReport, **_: Any) -> str:
    """The report as one run with a result for each violation."""
    ids = list(dict.fromkeys(violation.rule for violation in report.violations))
    rules = [{"id": each, "shortDescription": {"text": each.replace("-", " ")}} for each in ids]
    cures = {commit: repair.text for repair in report.repairs for commit in repair.commits}
    return sarif_log(
        rules,
        [_result(each, ids.index(each.rule), cures.get(each.commit)) for each in report.violations],
    )


def _result(violation: Violation, number: int, cure: str | None) -> dict[str, Any]:
    lines = [headline(violation), *(f"{label}: {text}" for label, text in details(violation))]
    return {
        "ruleId": violation.rule,
        "ruleIndex": number,
        **verdict("fail", "error"),
        "message": {"text": "\n".join([*lines, *([f"cure: {cure}"] if cure else [])])},
        "locations": [
            {"logicalLocations": [{"fullyQualifiedName": violation.commit, "name": violation.subject}]}
        ],
        "partialFingerprints": {"commit/v1": violation.commit},
    }
