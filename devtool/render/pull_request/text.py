"""A report of a pull request for a person at a terminal: what is wrong and its cure, then what is well."""

from __future__ import annotations

from typing import Any

from devtool.model.pull_request import Judgement, PullRequestReport
from devtool.render.layout import MARGIN, entry, hint, labelled, measure
from devtool.render.paint import paint, plain
from devtool.render.pull_request.wording import details, heading, told, verdict
from devtool.render.wrapping import wrapped

_WORDS = {"failure": "FAIL", "unknown": "????", "warning": "warn", "ok": "ok", "skipped": "skip"}
_LABEL = 7
_MOST_BEGINNINGS = 3


def render(report: PullRequestReport, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """The report as lines of at most `width` columns, commands, paths and quotations excepted."""
    width = measure(width)
    blocks = [_heading(report, width)]
    blocks += [_block(each, width, colour) for each in told(report)]
    fine = [each for each in report.judgements if each.severity in ("ok", "skipped")]
    if fine:
        together: dict[tuple[str, str], list[Judgement]] = {}
        for each in fine:
            together.setdefault((each.severity, _said(each)), []).append(each)
        blocks.append([line for alike in together.values() for line in _fine(alike, width, colour)])
    blocks.append(_closing(report, width, colour))
    return "\n\n".join("\n".join(block) for block in blocks)


def _heading(report: PullRequestReport, width: int) -> list[str]:
    proposal = report.proposal
    lines = wrapped(plain(heading(report)), width)
    if proposal.why:
        lines += wrapped(plain(f"`{proposal.base}`: {proposal.why}"), width, "  ", "  ")
    if proposal.title is not None:
        lines += wrapped(plain(f"`{proposal.title}`, by {proposal.title_from}"), width, "  ", "  ")
    if report.rules_from:
        lines += wrapped(plain(f"rules of `{report.rules_from}`"), width, "  ", "  ")
    return lines


def _block(judgement: Judgement, width: int, colour: bool) -> list[str]:
    said = f"{judgement.summary} [{judgement.rule}]"
    lines = entry(_WORDS[judgement.severity], judgement.severity, said, width, colour)
    for label, text in _compact(details(judgement)):
        lead = f"{' ' * MARGIN}{label + ':':<{_LABEL}}"
        lines += wrapped(plain(text), width, lead, " " * len(lead)) or [lead.rstrip()]
    if judgement.repair:
        lines += _cure(judgement.repair, width)
    indent = " " * (MARGIN + _LABEL)
    return [*lines, *(f"{indent}{paint(plain(line), 'strong', colour)}" for line in judgement.commands)]


def _cure(repair: str, width: int) -> list[str]:
    return [
        line.replace("cure: ", "cure:  ", 1) if n == 0 else f" {line}"
        for n, line in enumerate(labelled("cure:", repair, width - 1))
    ]


def _compact(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Many things of which one would do on one line, where they are short."""
    wanted = [text for label, text in rows if label in ("want", "or")]
    if len(wanted) <= _MOST_BEGINNINGS:
        return rows
    listed = " ".join(f"`{text}`" for text in wanted)
    return [("want", f"one of {listed}"), *(row for row in rows if row[0] not in ("want", "or"))]


def _said(judgement: Judgement) -> str:
    return judgement.summary + (f": `{judgement.found[0]}`" if judgement.found else "")


def _fine(alike: list[Judgement], width: int, colour: bool) -> list[str]:
    first = alike[0]
    said = f"{_said(first)} [{', '.join(each.rule for each in alike)}]"
    return entry(_WORDS[first.severity], first.severity, said, width, colour)


def _closing(report: PullRequestReport, width: int, colour: bool) -> list[str]:
    first, *rest = wrapped(plain(verdict(report)), width)
    lines = [paint(first, "ok" if report.ok else "failure", colour), *rest]
    lines += [line for note in report.notes for line in wrapped(plain(note), width, "  ", "    ")]
    attention = told(report)
    if attention:
        lines += hint(f"`devtool explain {attention[0].rule}`", "says what a rule means and why", width)
    return lines
