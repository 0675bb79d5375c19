"""Reading the JUnit XML that pytest writes."""

from __future__ import annotations

from devtool.errors import DevtoolError
from devtool.model.testing import Outcome, TestCase

_MESSAGE_LENGTH = 400
_OUTCOMES: dict[str, Outcome] = {"failure": "failed", "error": "error", "skipped": "skipped"}


def read_junit(content: bytes) -> tuple[TestCase, ...]:
    """Every test, in the order it ran; a test that failed twice (in itself and after) counts once."""
    from xml.etree import ElementTree

    if b"<!DOCTYPE" in content[:4096]:  # pytest writes none, and entities could expand without end
        raise DevtoolError("the test report is not one that pytest wrote")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # no DOCTYPE, so no entities
    except ElementTree.ParseError as error:
        raise DevtoolError(f"the test report is damaged: {error}") from None
    cases: dict[tuple[str, str], TestCase] = {}
    for element in root.iter("testcase"):
        module = element.get("classname", "").rpartition(".")[2]
        suite = module.removeprefix("test_").upper()
        name = element.get("name", "?")
        outcome: Outcome = "passed"
        message = None
        for child in element:
            if child.tag in _OUTCOMES:
                outcome = _OUTCOMES[child.tag]
                message = _one_line(child.get("message") or child.text or "")
        case = TestCase(suite, name, outcome, float(element.get("time") or 0), message)
        known = cases.get((suite, name))
        if known is None or known.outcome == "passed":
            cases[suite, name] = case
    return tuple(cases.values())


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MESSAGE_LENGTH else line[: _MESSAGE_LENGTH - 1] + "…"
