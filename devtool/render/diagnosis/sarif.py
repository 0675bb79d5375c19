"""A diagnosis as a SARIF log: results lie in the logs, rules carry the cures."""

from __future__ import annotations

from typing import Any

from devtool.model.diagnosis import Diagnosis, Excerpt, FailureFinding, UnknownError
from devtool.render.diagnosis.wording import address, advice, counted, headline, place, standing
from devtool.render.sarif_log import artifact, sarif_log, verdict

_UNKNOWN = "unknown-error"
_LEVELS = {"failure": "error", "warning": "warning"}


def render(diagnosis: Diagnosis, **_: Any) -> str:
    """The diagnosis as one run; what is refuted passes, what followed is a note."""
    rules = {finding.id: _rule(finding) for finding in diagnosis.findings}
    if diagnosis.unrecognised:
        rules[_UNKNOWN] = {
            "id": _UNKNOWN,
            "shortDescription": {"text": "an error that nothing known explains"},
            "help": {"text": "`devtool learn LOG` proposes a knowledge file for it"},
        }
    numbers = {name: number for number, name in enumerate(rules)}
    results = [_result(finding, numbers[finding.id]) for finding in diagnosis.findings]
    results += [_unknown(unknown, numbers[_UNKNOWN]) for unknown in diagnosis.unrecognised]
    return sarif_log(list(rules.values()), results)


def _rule(finding: FailureFinding) -> dict[str, Any]:
    lines = []
    for cure in finding.cures:
        lines += [advice(cure), *(f"  {command}" for command in cure.commands)]
    lines += [f"not: {finding.wrong.strip()}"] if finding.wrong else []
    return {
        "id": finding.id,
        "shortDescription": {"text": finding.summary},
        "fullDescription": {"text": finding.cause.strip()},
        "help": {"text": "\n".join(lines) or finding.cause.strip()},
        **({"helpUri": finding.links[0]} if finding.links else {}),
    }


def _result(finding: FailureFinding, rule: int) -> dict[str, Any]:
    level = "note" if finding.follows else _LEVELS[finding.severity]
    text = [finding.summary, f"{standing(finding)}; {counted(finding)}", *finding.evidence]
    return {
        "ruleId": finding.id,
        "ruleIndex": rule,
        **verdict("pass" if finding.state == "refuted" else "fail", level),
        "message": {"text": "\n".join(text)},
        "locations": [_location(finding.excerpt)],
        "occurrenceCount": finding.count,
        "properties": {
            "primary": finding.primary,
            "state": finding.state,
            **({"follows": finding.follows} if finding.follows else {}),
        },
    }


def _unknown(unknown: UnknownError, rule: int) -> dict[str, Any]:
    return {
        "ruleId": _UNKNOWN,
        "ruleIndex": rule,
        **verdict("fail", "warning"),
        "message": {"text": f"{headline(unknown)}\n{unknown.excerpt.said}"},
        "locations": [_location(unknown.excerpt)],
        "occurrenceCount": unknown.count,
    }


def _location(excerpt: Excerpt) -> dict[str, Any]:
    at = address(excerpt)
    if at is None:
        return {"message": {"text": place(excerpt)}}
    return {
        "physicalLocation": {
            "artifactLocation": artifact(at[0]),
            "region": {"startLine": at[1], "snippet": {"text": excerpt.said}},
            "contextRegion": {
                "startLine": excerpt.first_line,
                "endLine": excerpt.first_line + len(excerpt.lines) - 1,
                "snippet": {"text": "\n".join(excerpt.lines)},
            },
        }
    }
