"""A report of sign-offs as JSON."""

from __future__ import annotations

from typing import Any

from devtool.model.commit import Violation
from devtool.model.dco import SignOffReport
from devtool.render.document import document


def render(report: SignOffReport, **_: Any) -> str:
    """The report as an indented JSON document."""
    return document(
        {
            "ok": report.ok,
            "violations": [_violation(violation) for violation in report.violations],
            "checked": report.checked,
            "skipped": report.skipped,
            "range": {
                "shown": report.range.shown,
                "base": report.range.base,
                "head": report.range.head,
                "why": report.range.why,
            },
            "rule": report.standard,
            "history": report.history,
            "repairs": [
                {"commits": list(each.commits), "text": each.text, "commands": list(each.commands)}
                for each in report.repairs
            ],
            "notes": list(report.notes),
        }
    )


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "commit": violation.commit,
        "rule": violation.rule,
        "summary": violation.summary,
        "subject": violation.subject,
        "author": {"name": violation.author.name, "mail": violation.author.mail},
        "expected": list(violation.expected),
        "found": list(violation.found),
        "differences": list(violation.differences),
    }
