"""A report of sign-offs for a person at a terminal: the commits, what mends them, the verdict."""

from __future__ import annotations

from typing import Any

from devtool.model.commit import Violation
from devtool.model.dco import Repair, SignOffReport
from devtool.render.dco.wording import commits, details, headline, short, verdict
from devtool.render.layout import MARGIN, entry, hint, labelled, measure
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_MOST = 20
"""How many commits are shown whole."""
_MOST_COMMANDS = 10


def render(report: SignOffReport, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """The report as lines of at most `width` columns, commands and sign-offs excepted."""
    width = measure(width)
    blocks = [_block(violation, width, colour) for violation in report.violations[:_MOST]]
    more = report.violations[_MOST:]
    if more:
        blocks.append(wrapped(f"and {commits(len(more))} more; `--format json` lists all", width))
    blocks += [_repair(number, repair, width, colour) for number, repair in enumerate(report.repairs)]
    blocks.append(_closing(report, width, colour))
    return "\n\n".join("\n".join(block) for block in blocks)


def _block(violation: Violation, width: int, colour: bool) -> list[str]:
    indent = " " * MARGIN
    told = f"`{violation.subject}` by {violation.author}" if violation.subject else f"by {violation.author}"
    return [
        *entry("FAIL", "failure", headline(violation), width, colour),
        *wrapped(plain(told), width, indent, indent),
        *(f"{indent}{label + ':':<7}{plain(text)}" for label, text in details(violation)),
    ]


def _repair(number: int, repair: Repair, width: int, colour: bool) -> list[str]:
    listed = ", ".join(short(each) for each in repair.commits[:_MOST_COMMANDS])
    listed += ", …" if len(repair.commits) > _MOST_COMMANDS else ""
    indent = " " * (MARGIN + 6)
    commands = [line for command in repair.commands for line in command.splitlines()]
    return [
        *labelled("cure:" if number == 0 else "and:", f"({listed}) {repair.text}", width),
        *(f"{indent}{paint(plain(line), 'strong', colour)}" for line in commands),
    ]


def _closing(report: SignOffReport, width: int, colour: bool) -> list[str]:
    first, *rest = wrapped(plain(verdict(report)), width)
    lines = [paint(first, "failure" if report.violations else "ok", colour), *rest]
    if report.range.why:
        lines += hint(f"`{plain(report.range.shown)}`:", plain(report.range.why), width)
    lines += [line for note in report.notes for line in wrapped(plain(note), width, "  ", "    ")]
    for rule in dict.fromkeys(violation.rule for violation in report.violations):
        lines += hint(f"`devtool explain {rule}`", "says all about it", width)
    return lines
