"""A report for a person at a terminal: what needs attention first, what is well in one paragraph."""

from __future__ import annotations

from typing import Any

from devtool.model.host import GIB
from devtool.model.report import Finding, Report
from devtool.render.layout import MARGIN, cures_label, cut, entry, hint, labelled, measure
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_WORDS = {"failure": "FAIL", "unknown": "????", "warning": "warn", "ok": "ok", "skipped": "skip"}
_EVIDENCE_LINES = 4


def render(report: Report, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """The report as lines of at most `width` columns, commands and paths excepted."""
    width = measure(width)
    lines = [*_headline(report, width), ""]
    for finding in report.ordered:
        if finding.severity in ("failure", "unknown", "warning"):
            lines += [*finding_block(finding, width, colour), ""]
    fine = [finding for finding in report.ordered if finding.severity == "ok"]
    if fine:
        lines += [*_fine(fine, width, colour), ""]
    return "\n".join([*lines, *_closing(report, width, colour)])


def _headline(report: Report, width: int) -> list[str]:
    host = report.host
    parts = [
        *host.brief,
        *([f"{host.disk_free_bytes / GIB:.0f} GiB free"] if host.disk_free_bytes is not None else []),
        *([f"in {host.container}"] if host.container else []),
    ]
    needs = report.needs
    what = f"{needs.project} in {needs.root}" if needs.project else "no project here: the machine alone"
    return [plain(what), *wrapped(plain(", ".join(parts)), width)]


def finding_block(finding: Finding, width: int, colour: bool) -> list[str]:
    """A finding with its evidence and its cures."""
    lines = entry(_WORDS[finding.severity], finding.severity, finding.headline, width, colour)
    shown = finding.evidence[:_EVIDENCE_LINES]
    lines += [
        paint(f"{' ' * MARGIN}| {cut(plain(line), width - MARGIN - 2)}", "faint", colour) for line in shown
    ]
    if len(finding.evidence) > len(shown):
        lines.append(
            f"{' ' * MARGIN}| … {len(finding.evidence) - len(shown)} more lines with `--format json`"
        )
    for number, remedy in enumerate(finding.remedies):
        lines += labelled(cures_label(number), remedy.summary, width)
    return lines


def _fine(findings: list[Finding], width: int, colour: bool) -> list[str]:
    text = ", ".join(f.id for f in findings)
    lines = wrapped(text, width - MARGIN)
    return [
        f"{paint('ok  ', 'ok', colour) if number == 0 else '    '}  {line}"
        for number, line in enumerate(lines)
    ]


def _closing(report: Report, width: int, colour: bool) -> list[str]:
    counted = [
        (report.count("failure"), "failure", "failures"),
        (report.count("unknown"), "unknown", "unknown"),
        (report.count("warning"), "warning", "warnings"),
        (report.count("ok"), "ok", "ok"),
    ]
    numbers = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counted if n)
    verdict = paint("ready", "ok", colour) if report.ready else paint("not ready", "failure", colour)
    lines = [f"{verdict}: {numbers or 'no check that was asked for applies here'}"]
    repairable = [
        f.id
        for f in report.ordered
        if f.severity in ("failure", "warning") and any(r.actions for r in f.remedies)
    ]
    attention = [f.id for f in report.ordered if f.severity in ("failure", "unknown", "warning")]
    if repairable:
        lines += hint(
            "`devtool doctor --fix`", f"shows and makes the repairs for {', '.join(repairable)}", width
        )
    if attention:
        lines += hint(f"`devtool explain {attention[0]}`", "says what a finding means and why", width)
    return lines
