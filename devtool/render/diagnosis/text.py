"""A diagnosis for a person at a terminal: the root cause with its cure first, the rest in little room."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from devtool.model.diagnosis import Cure, Diagnosis, FailureFinding, UnknownError
from devtool.render.diagnosis.excerpt import meant_line, whole_excerpt
from devtool.render.diagnosis.wording import (
    STDIN,
    advice,
    amount,
    counted,
    headline,
    place,
    standing,
    verdict,
)
from devtool.render.layout import MARGIN, cures_label, entry, hint, labelled, measure
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_WORDS = {"failure": ("FAIL", "failure"), "warning": ("warn", "warning")}
_REFUTED = "mended since, or the log comes from another machine, container, checkout or PATH"
_NAMED_LOGS = 3


def render(diagnosis: Diagnosis, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """The diagnosis as lines of at most `width` columns, commands and paths excepted."""
    width = measure(width)
    held = [finding for finding in diagnosis.findings if finding.state != "refuted"]
    followed = [finding for finding in held if finding.follows and not finding.primary]
    further = [finding for finding in diagnosis.findings if not finding.primary and finding not in followed]
    blocks = [
        *(_whole(finding, width, colour) for finding in diagnosis.findings if finding.primary),
        *(_brief(finding, width, colour) for finding in further if finding in held),
        [line for finding in followed for line in _consequence(finding, width, colour)],
        *(_refuted(finding, width, colour) for finding in further if finding not in held),
        *(_unknown(unknown, width, colour) for unknown in diagnosis.unrecognised),
        _template(diagnosis, width),
        _closing(diagnosis, held, width, colour),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _whole(finding: FailureFinding, width: int, colour: bool) -> list[str]:
    refuted = finding.state == "refuted"
    lines = _head(finding, width, colour)
    if refuted:  # first, or somebody spends an hour on a cure that nothing here needs
        lines += [*_evidence(finding, width), *labelled("so:", _REFUTED, width)]
    lines += ["", *whole_excerpt(finding.excerpt, width, colour), ""]
    lines += labelled("why:", _one_line(finding.cause), width)
    if finding.cures:
        lines.append("")
    for number, cure in enumerate(finding.cures):
        lines += _cure(number, cure, width, colour)
    if finding.wrong:
        lines += ["", *labelled("not:", _one_line(finding.wrong), width)]
    if finding.evidence and not refuted:
        lines += ["", *_evidence(finding, width)]
    return lines


def _brief(finding: FailureFinding, width: int, colour: bool) -> list[str]:
    further = len(finding.cures) - 1
    return [
        *_head(finding, width, colour),
        *meant_line(finding.excerpt, width, colour),
        *(line for cure in finding.cures[:1] for line in _cure(0, cure, width, colour)),
        *(labelled("more:", _further(further, finding.id), width) if further > 0 else []),
        *_evidence(finding, width),
    ]


def _consequence(finding: FailureFinding, width: int, colour: bool) -> list[str]:
    where = place(finding.excerpt) + (f", {finding.count:,} times" if finding.count > 1 else "")
    said = f"followed from {finding.follows}: {finding.id} ({where})"
    return entry("then", "faint", said, width, colour)


def _refuted(finding: FailureFinding, width: int, colour: bool) -> list[str]:
    said = f"{finding.id}, {counted(finding)}, is not so here: {finding.summary}"
    return [*entry("no", "faint", said, width, colour), *_evidence(finding, width)]


def _unknown(unknown: UnknownError, width: int, colour: bool) -> list[str]:
    return [
        *entry("????", "unknown", headline(unknown), width, colour),
        "",
        *whole_excerpt(unknown.excerpt, width, colour),
    ]


def _head(finding: FailureFinding, width: int, colour: bool) -> list[str]:
    word, role = ("no", "faint") if finding.state == "refuted" else _WORDS[finding.severity]
    lines = entry(word, role, f"{finding.id}: {finding.summary}", width, colour)
    indent = " " * MARGIN
    lines += wrapped(plain(f"{standing(finding)}; {counted(finding)}"), width, indent, indent)
    if finding.knowledge:
        lines += wrapped(plain(f"known from this project's `{finding.knowledge}`"), width, indent, indent)
    return lines


def _cure(number: int, cure: Cure, width: int, colour: bool) -> list[str]:
    indent = " " * (MARGIN + 8)
    commands = [line for command in cure.commands for line in command.splitlines()]
    return [
        *labelled(cures_label(number), _one_line(advice(cure)), width),
        *(f"{indent}{paint(plain(line), 'strong', colour)}" for line in commands),
    ]


def _further(number: int, failure_id: str) -> str:
    return f"{amount(number, 'further cure')} with `devtool explain {failure_id}`"


def _evidence(finding: FailureFinding, width: int) -> list[str]:
    return [line for evidence in finding.evidence for line in labelled("here:", evidence, width)]


def _template(diagnosis: Diagnosis, width: int) -> list[str]:
    if not diagnosis.template:
        return []
    told = (
        f"to make it known, fill this in and save it as `.devtool/knowledge/NAME.toml`; "
        f"`devtool learn {_typed(_first_unknown(diagnosis))}` writes and checks it"
    )
    return [*wrapped(told, width), "", *map(plain, diagnosis.template.strip().splitlines())]


def _closing(diagnosis: Diagnosis, held: list[FailureFinding], width: int, colour: bool) -> list[str]:
    word, mark, rest = verdict(diagnosis).partition(":")
    role = "failure" if any(f.severity == "failure" for f in held) else "strong"
    lines = wrapped(word + mark + rest, width)
    lines[0] = paint(word, role, colour) + lines[0][len(word) :] if held else lines[0]
    if held and not diagnosis.confirmed_here:
        lines += hint(
            f"`devtool diagnose --here {_typed(diagnosis.sources)}`",
            "checks it on this machine and checkout",
            width,
        )
    if diagnosis.unrecognised and not diagnosis.template:
        unknown = _typed(_first_unknown(diagnosis))
        lines += hint(f"`devtool learn {unknown}`", "writes a knowledge file for it", width)
    if diagnosis.findings:
        lines += hint(f"`devtool explain {diagnosis.findings[0].id}`", "says all that is known of it", width)
    return lines


def _first_unknown(diagnosis: Diagnosis) -> list[str]:
    """The log to learn from: one alone can be."""
    return [unknown.excerpt.source for unknown in diagnosis.unrecognised[:1]]


def _typed(logs: Sequence[str]) -> str:
    """The logs as they would be typed again."""
    if STDIN in logs or len(logs) > _NAMED_LOGS:
        return "LOG"
    return plain(shlex.join(f"./{name}" if name.startswith("-") else name for name in logs))


def _one_line(text: str) -> str:
    return " ".join(text.split())
