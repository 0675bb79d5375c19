from __future__ import annotations

import pytest

from devtool.adapters.versions import compare, is_specifier, is_version, major, newest, satisfies


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("3.9", "3.26", -1),
        ("1.22", "1.22.0", 0),
        ("4.0", "3.20", 1),
        ("1.26rc1", "1.26", -1),
        ("2.0.0-dev", "1.9", 1),
        ("seven", "1", None),
    ],
)
def test_versions_are_compared_as_versions(left: str, right: str, expected: int | None) -> None:
    assert compare(left, right) == expected


@pytest.mark.parametrize(
    ("version", "specifier", "expected"),
    [
        ("3.11.7", "<3.12", True),
        ("3.12.0", "<3.12", False),
        ("1.92.3", "==1.92.*", True),
        ("1.27rc1", ">=1.26", True),
        ("19.03.5", ">=19.03", True),
        ("1", "", True),
        ("garbled", ">=1", None),
        ("1.0", "1.0", None),
    ],
)
def test_a_version_satisfies_a_specifier_or_cannot_be_told(
    version: str, specifier: str, expected: bool | None
) -> None:
    assert satisfies(version, specifier) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        (">=1.22", True),
        (">=1,<2", True),
        ("~=1.4", True),
        ("==1.*", True),
        ("1.22", False),
        (">=x", False),
        ("<1.*", False),
    ],
)
def test_specifiers_are_told_from_other_text(text: str, expected: bool) -> None:
    assert is_specifier(text) is expected


def test_the_newest_is_found_among_what_can_be_read() -> None:
    assert newest(("1.9", "1.22", "?", "1.22rc1")) == "1.22"
    assert newest(("?",)) is None
    assert major("21.1") == 21


def test_a_number_beyond_pythons_limit_is_no_version() -> None:
    assert (satisfies("9" * 5000, ">=1"), is_version("9" * 5000 + ".1")) == (None, False)
