from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from devtool.model.report import Finding
from devtool.render import FORMATS, render
from tests.support.golden import same_as_golden
from tests.support.samples import CMAKE_FINE, CONAN_WRONG, EVERY_KIND, GIT_BUFFER, report


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_prints_the_same_report_as_its_golden_file(
    form: str, pytestconfig: pytest.Config
) -> None:
    text = render(report(*EVERY_KIND), form, width=80)

    assert same_as_golden(f"doctor.{form}", text, pytestconfig.getoption("--refresh-golden"))


def test_a_colourful_report_says_the_same_words(pytestconfig: pytest.Config) -> None:
    import re

    coloured = render(report(*EVERY_KIND), "text", colour=True, width=80)

    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(report(*EVERY_KIND), "text", width=80)
    assert coloured != render(report(*EVERY_KIND), "text", width=80)


def test_text_and_json_tell_the_same_findings_in_the_same_order() -> None:
    data = json.loads(render(report(*EVERY_KIND), "json"))
    text = render(report(*EVERY_KIND), "text", width=200)

    attention = [f for f in data["findings"] if f["severity"] in ("failure", "unknown", "warning")]
    flat = " ".join(text.split())
    places = [flat.index(f["summary"]) for f in attention]
    assert places == sorted(places)
    assert len(attention) == 3
    for finding in attention:
        for remedy in finding["remedies"]:
            assert remedy["summary"] in flat
    assert data["ready"] is False
    assert "not ready: 1 failure, 1 unknown, 1 warning, 1 ok" in flat


def test_what_needs_attention_comes_first() -> None:
    ids = [f["id"] for f in json.loads(render(report(*EVERY_KIND), "json"))["findings"]]

    assert ids == ["conan", "go", "git-post-buffer", "cmake", "rust"]


def test_a_warning_makes_a_strict_report_not_ready() -> None:
    assert report(GIT_BUFFER).exit_status == 0
    assert report(GIT_BUFFER, strict=True).exit_status == 1
    assert report(CMAKE_FINE, strict=True).exit_status == 0


def test_an_unknown_is_never_ready() -> None:
    assert report(replace(CMAKE_FINE, severity="unknown")).exit_status == 1


def test_terminal_escapes_in_what_was_found_never_reach_the_terminal() -> None:
    hostile = Finding("go", "failure", "go \x1b]0;owned\x07 is \x1b[2Jbad", ("line \x1b[31m one\r\x9b",))

    text = render(report(hostile), "text", width=80)

    assert not {"\x1b", "\x07", "\r", "\x9b"} & set(text)


def test_junit_carries_control_characters_as_replacements_and_still_parses() -> None:
    hostile = Finding("go", "failure", "go \x00\x1b <b> & \ud800 bad")

    document = render(report(hostile), "junit")

    case = ElementTree.fromstring(document).find(".//testcase")
    assert case is not None
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "go \ufffd\ufffd <b> & \ufffd bad"


def test_an_annotation_escapes_what_would_end_it() -> None:
    hostile = replace(CONAN_WRONG, summary="50% of\nlines: a, b")

    line = render(report(hostile), "github").splitlines()[0]

    assert line.startswith(
        "::error file=scripts/3rdparty_build.sh,line=94,title=devtool conan::50%25 of%0Alines: a, b"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_prose_stays_within_the_terminal(width: int) -> None:
    text = render(report(*EVERY_KIND), "text", width=width)

    assert all(len(line) <= width or "`" in line or "/" in line for line in text.splitlines())
