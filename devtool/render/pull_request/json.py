"""A report of a pull request as JSON."""

from __future__ import annotations

from typing import Any

from devtool.model.pull_request import Judgement, PullRequestReport
from devtool.render.document import document
from devtool.render.pull_request.wording import place_of


def render(report: PullRequestReport, **_: Any) -> str:
    """The report as an indented JSON document."""
    proposal = report.proposal
    return document(
        {
            "ok": report.ok,
            "strict": report.strict,
            "base": {
                "branch": proposal.base,
                "name": proposal.target,
                "commit": proposal.base_id,
                "why": proposal.why,
            },
            "head": {"branch": proposal.branch or None, "commit": proposal.head_id},
            "fork": proposal.fork_id,
            "title": {"text": proposal.title, "from": proposal.title_from},
            "body": {"text": proposal.body, "from": proposal.body_from},
            "commits": list(proposal.commits),
            "behind": proposal.behind,
            "changes": {
                "files": len(proposal.files),
                "added": proposal.added,
                "removed": proposal.removed,
            },
            "rules_from": report.rules_from or None,
            "counts": {
                severity: report.count(severity)
                for severity in ("failure", "unknown", "warning", "ok", "skipped")
            },
            "findings": [_finding(each) for each in report.judgements],
            "notes": list(report.notes),
        }
    )


def _finding(judgement: Judgement) -> dict[str, Any]:
    place = place_of(judgement.stated)
    return {
        "rule": judgement.rule,
        "severity": judgement.severity,
        "summary": judgement.summary,
        "expected": list(judgement.expected),
        "found": list(judgement.found),
        "stated": None if place is None else {"path": place[0], "line": place[1]},
        "repair": judgement.repair,
        "commands": list(judgement.commands),
        "path": judgement.path or None,
    }
