"""A report of a pull request as a SARIF log."""

from __future__ import annotations

from typing import Any

from devtool.model.pull_request import Judgement, PullRequestReport
from devtool.render.pull_request.wording import cure_lines, details, place_of
from devtool.render.sarif_log import artifact, sarif_log, verdict

_LEVELS = {"failure": "error", "warning": "warning"}
_KINDS = {"ok": "pass", "skipped": "notApplicable", "unknown": "open"}


def render(report: PullRequestReport, **_: Any) -> str:
    """The report as one run with a result for each judgement, at its file or where it is stated."""
    ids = list(dict.fromkeys(each.rule for each in report.judgements))
    rules = [
        {"id": each, "shortDescription": {"text": each.removeprefix("pr-").replace("-", " ")}} for each in ids
    ]
    return sarif_log(rules, [_result(each, ids.index(each.rule), report) for each in report.judgements])


def _result(judgement: Judgement, number: int, report: PullRequestReport) -> dict[str, Any]:
    lines = [judgement.summary, *(f"{label}: {text}" for label, text in details(judgement))]
    lines += [f"cure: {text}" for text in cure_lines(judgement)]
    return {
        "ruleId": judgement.rule,
        "ruleIndex": number,
        **verdict(_KINDS.get(judgement.severity, "fail"), _LEVELS.get(judgement.severity, "none")),
        "message": {"text": "\n".join(lines)},
        "locations": [_location(judgement, report)],
    }


def _location(judgement: Judgement, report: PullRequestReport) -> dict[str, Any]:
    place = (judgement.path, 1) if judgement.path else place_of(judgement.stated)
    if place is None:
        head = report.proposal.head_id
        name = report.proposal.branch or head
        return {"logicalLocations": [{"fullyQualifiedName": head, "name": name}]}
    return {"physicalLocation": {"artifactLocation": artifact(place[0]), "region": {"startLine": place[1]}}}
