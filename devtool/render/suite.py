"""JUnit XML, as CI servers read it: one suite of test cases."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree


def case(
    suite: str, name: str, outcome: str | None, message: str, details: str, seconds: float = 0.0
) -> ElementTree.Element:
    """A test case: `outcome` is `failure`, `error` or `skipped`, and None for one that passed."""
    element = ElementTree.Element("testcase", classname=suite, name=legal(name), time=f"{seconds:.3f}")
    if outcome is None:
        said = legal("\n".join([message, details]).strip())
        ElementTree.SubElement(element, "system-out").text = said
    else:
        ElementTree.SubElement(element, outcome, message=legal(message)).text = legal(details)
    return element


def suite(name: str, cases: Sequence[ElementTree.Element], seconds: float = 0.0) -> str:
    """The document of one suite."""
    suites = ElementTree.Element("testsuites")
    element = ElementTree.SubElement(suites, "testsuite", name=name, tests=str(len(cases)))
    for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(outcome) is not None for case in cases)))
    element.set("time", f"{seconds:.3f}")
    element.extend(cases)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode")


def legal(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot carry (section 2.2)."""
    return "".join(
        c
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
        else "\ufffd"
        for c in text
    )
