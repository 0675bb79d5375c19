from __future__ import annotations

import pytest

from devtool.requirements.patterns import objection


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
    ],
)
def test_a_pattern_that_always_ends_is_accepted(pattern: str) -> None:
    assert objection(pattern) is None


def test_what_is_no_pattern_is_said_to_be_none() -> None:
    assert "is not a regular expression" in (objection("(") or "")
    assert "is longer than" in (objection("a" * 501) or "")
