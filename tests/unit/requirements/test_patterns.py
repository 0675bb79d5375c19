from __future__ import annotations

import re

import pytest

from devtool.requirements.patterns import objection, required_text
from devtool.requirements.reading import built_in
from tests.fixtures.eras import ERAS


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        r"(\d*)*x",
        "(a|aa)+$",
        r"(\w+\s?)*$",
        "((ab)*c)*",
        "(?:a{2,})+",
        ".*.*.*x",
        r"\w*\w*\w*\w*!",
        r"\w+\s*\w+\s*\w+!",
        r"(?:a*)?(?:\w*|b)\w*x",
        "([a-z]+)*",
        r"(-.*)*$",
    ],
)
def test_a_pattern_that_may_never_end_is_refused(pattern: str) -> None:
    assert "may never end" in (objection(pattern) or "")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^go (\d+(?:\.\d+)*)$",
        r"a|b|c",
        r"(?:v|go)?(\d+)",
        r"^(?!.*--suffix).*conan==(\d+)",
        r"\((a)+\)",
        r"[(+*]+",
        r'"[^"]*" "[^"]*" "[^"]*"',
        r"^(?:go |toolchain go)(\d+\.\d+(?:\.\d+)?(?:rc\d+|beta\d+)?)\s*$",
        r"^\| *Linux *\| *GCC *\| *(\d+(?:, *\d+)+) *\|",
    ],
)
def test_a_pattern_that_always_ends_is_accepted(pattern: str) -> None:
    assert objection(pattern) is None


def test_what_is_no_pattern_is_said_to_be_none() -> None:
    assert "is not a regular expression" in (objection("(") or "")
    assert "is longer than" in (objection("a" * 501) or "")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^REQUIRED_CONAN_VERSION=\"(\d+)", 'REQUIRED_CONAN_VERSION="'),
        (r"^(?!.*--suffix).*\bconan==(\d+)", "conan=="),
        (r"a|bcd", ""),
        (r"(?i)abc", ""),
        (r"abc?d+e", "ab"),
        (r"x{2}yz", "yz"),
        (r"(?:foo)?ba[rz]", "ba"),
        (r"\$\(INSTALL_PATH\)/gci", "$(INSTALL_PATH)/gci"),
        (r"(\d+)", ""),
    ],
)
def test_what_every_match_must_hold_is_found(pattern: str, text: str) -> None:
    assert required_text(pattern) == text


def test_looking_for_the_text_first_finds_what_the_pattern_finds() -> None:
    forms = [
        form
        for need in built_in("milvus").needs
        for group in (need.needed_if, need.statements, *need.evidence.values())
        for form in group
        if form.pattern
    ]

    for line in [line for files in ERAS.values() for text in files.values() for line in text.splitlines()]:
        for form in forms:
            assert form.pattern is not None
            assert not re.search(form.pattern, line) or required_text(form.pattern) in line
