"""A report of sign-offs as GitHub Actions annotations."""

from __future__ import annotations

from typing import Any

from devtool.model.commit import Violation
from devtool.model.dco import SignOffReport
from devtool.render.annotation import annotation
from devtool.render.dco.wording import details, headline, repair_lines, verdict
from devtool.render.paint import plain


def render(report: SignOffReport, **_: Any) -> str:
    """One annotation a commit, then what mends them and one line that sums up."""
    repairs = [plain(line) for repair in report.repairs for line in repair_lines(repair)]
    return "\n".join(
        [*map(_annotation, report.violations), *repairs, plain(f"devtool dco: {verdict(report)}")]
    )


def _annotation(violation: Violation) -> str:
    lines = [
        headline(violation),
        violation.subject,
        *(f"{label}: {text}" for label, text in details(violation)),
    ]
    return annotation("error", f"devtool {violation.rule}", "\n".join(map(plain, lines)), None)
