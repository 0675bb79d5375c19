"""A test run as text and as JSON, from the same value."""

from __future__ import annotations

from dataclasses import asdict

from devtool.model.testing import TestResult
from devtool.render.document import document
from devtool.render.paint import paint, plain

_ALIKE = 3
"""How many tests that failed for the same reason are named."""


def render_text(result: TestResult, *, colour: bool = False) -> str:
    """What failed first, then one line a level, then the verdict."""
    lines: list[str] = []
    for outcomes, word, role in ((("failed", "error"), "FAIL", "failure"), (("skipped",), "skip", "skipped")):
        cases = [case for case in result.cases if case.outcome in outcomes]
        for message in dict.fromkeys(case.message for case in cases):
            alike = [case for case in cases if case.message == message]
            lines += [f"{paint(word, role, colour)}  {c.suite} {_readable(c.name)}" for c in alike[:_ALIKE]]
            lines += [f"      and {len(alike) - _ALIKE} more"] if len(alike) > _ALIKE else []
            lines += [f"      {plain(message)}"] if message else []
    lines += [""] if lines else []
    lines.append(f"{'level':<6} {'passed':>6} {'failed':>6} {'skipped':>7} {'time':>8}")
    for suite in dict.fromkeys(case.suite for case in result.cases):
        seconds = sum(case.seconds for case in result.cases if case.suite == suite)
        passed = result.count("passed", suite=suite)
        failed = result.count("failed", "error", suite=suite)
        skipped = result.count("skipped", suite=suite)
        lines.append(f"{suite:<6} {passed:>6} {failed:>6} {skipped:>7} {seconds:>6.1f} s")
    return "\n".join([*lines, "", _verdict(result, colour)])


def render_json(result: TestResult) -> str:
    """The same under schema 1."""
    return document(
        {
            "passed": result.passed,
            "uri": result.uri,
            "server": result.server,
            "client": result.client,
            "level": result.level,
            "seconds": round(result.seconds, 3),
            "counts": {
                "passed": result.count("passed"),
                "failed": result.count("failed", "error"),
                "skipped": result.count("skipped"),
            },
            "cases": [asdict(case) for case in result.cases],
        }
    )


def _verdict(result: TestResult, colour: bool) -> str:
    against = f"{result.uri} (Milvus {result.server or 'of unknown version'}, {result.client})"
    if result.passed:
        word = paint("passed", "ok", colour)
        return f"{word}: {result.count('passed')} tests in {result.seconds:.0f} s against {against}"
    if not result.cases:
        return f"{paint('failed', 'failure', colour)}: no test ran against {against}"
    count = f"{result.count('failed', 'error')} of {len(result.cases)} tests"
    return f"{paint('failed', 'failure', colour)}: {count} in {result.seconds:.0f} s against {against}"


def _readable(name: str) -> str:
    """A test's name as the sentence it is."""
    sentence, bracket, parameters = name.removeprefix("test_").partition("[")
    return sentence.replace("_", " ") + (f" [{parameters}" if bracket else "")
