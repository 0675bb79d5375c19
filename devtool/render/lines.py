"""A report as lines that editors and `grep` read: `path:line: severity: message [id]`."""

from __future__ import annotations

from typing import Any

from devtool.model.report import Finding, Report
from devtool.render.paint import plain
from devtool.render.sarif import source_line

_LEVELS = {"failure": "error", "unknown": "warning", "warning": "warning"}
# Editors show nothing that names no file: under this name they list what no line of the checkout states.
_NOWHERE = ("this machine", 1)


def render(report: Report, **_: Any) -> str:
    """One line a finding that needs attention, its cures below it, then one line that sums up."""
    found = [_block(finding) for finding in report.ordered if finding.severity in _LEVELS]
    return "\n".join([*found, f"devtool doctor: {'ready' if report.ready else 'not ready'}"])


def _block(finding: Finding) -> str:
    path, line = source_line(finding) or _NOWHERE
    head = f"{path}:{line}: {_LEVELS[finding.severity]}: {finding.summary} [{finding.id}]"
    cures = (f"    cure: {remedy.summary}" for remedy in finding.remedies)
    return "\n".join(
        " ".join(plain(text).splitlines()) if n == 0 else plain(text) for n, text in enumerate([head, *cures])
    )
