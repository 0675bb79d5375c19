"""A report for a person at a terminal: what needs attention first, what is well in one paragraph."""

from __future__ import annotations

from typing import Any

from devtool.model.host import GIB
from devtool.model.report import Finding, Report
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_WORDS = {"failure": "FAIL", "unknown": "????", "warning": "warn", "ok": "ok", "skipped": "skip"}
_INDENT = 6
_EVIDENCE_LINES = 4


def render(report: Report, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """The report as lines of at most `width` columns, commands and paths excepted."""
    width = min(max(width, 40), 100)
    lines = [*_headline(report, width), ""]
    for finding in report.ordered:
        if finding.severity in ("failure", "unknown", "warning"):
            lines += [*_finding(finding, width, colour), ""]
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


def _finding(finding: Finding, width: int, colour: bool) -> list[str]:
    lines = _entry(finding.severity, finding.id, finding.summary, width, colour)
    shown = finding.evidence[:_EVIDENCE_LINES]
    lines += [
        paint(f"{' ' * _INDENT}| {_cut(plain(line), width - _INDENT - 2)}", "faint", colour) for line in shown
    ]
    if len(finding.evidence) > len(shown):
        lines.append(
            f"{' ' * _INDENT}| … {len(finding.evidence) - len(shown)} more lines with `--format json`"
        )
    for number, remedy in enumerate(finding.remedies):
        lead = "cure: " if number == 0 else "  or: "
        indent = " " * _INDENT
        lines += wrapped(plain(remedy.summary), width, indent + lead, indent + " " * len(lead))
    return lines


def _entry(severity: str, name: str, summary: str, width: int, colour: bool) -> list[str]:
    # Most summaries begin with the tool, whose name is the id: not twice.
    said = plain(summary) if summary.startswith(f"{name} ") else f"{name}: {plain(summary)}"
    first, *rest = wrapped(said, width - _INDENT)
    word = paint(f"{_WORDS[severity]:<4}", severity, colour)
    return [f"{word}  {first}", *(f"{' ' * _INDENT}{line}" for line in rest)]


def _fine(findings: list[Finding], width: int, colour: bool) -> list[str]:
    text = ", ".join(f.id for f in findings)
    lines = wrapped(text, width - _INDENT)
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
        lines += _hint(
            "`devtool doctor --fix`", f"shows and makes the repairs for {', '.join(repairable)}", width
        )
    if attention:
        lines += _hint(f"`devtool explain {attention[0]}`", "says what a finding means and why", width)
    return lines


def _hint(command: str, what: str, width: int) -> list[str]:
    return wrapped(f"{command} {what}", width, "  ", "    ")


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"
