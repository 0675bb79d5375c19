"""Differences that the eye cannot see."""

from __future__ import annotations

import pytest

from devtool.model.difference import unseen_difference


@pytest.mark.parametrize(
    ("found", "expected", "told"),
    [
        (
            "Jane\xa0Doe",
            "Jane Doe",
            "after `jane` stands U+00A0 NO-BREAK SPACE, and U+0020 SPACE is expected",
        ),
        ("Jane  Doe", "Jane Doe", "stands U+0020 SPACE, and nothing is expected there"),
        ("Jane Doe ", "jane doe", "after `jane doe` stands U+0020 SPACE, and nothing is expected there"),
        (
            "J\u0430ne",
            "Jane",
            "after `j` stands U+0430 CYRILLIC SMALL LETTER A, and U+0061 LATIN SMALL LETTER A",
        ),
        ("Jane\u200b", "Jane", "after `jane` stands U+200B ZERO WIDTH SPACE, and nothing"),
        ("\ufeffJane", "Jane", "at the start stands U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("Jose\u0301", "Jos\xe9", "(the same letters, composed as NFD and as NFC)"),
        ("Jane", "J\uff41ne", "U+FF41 FULLWIDTH LATIN SMALL LETTER A is expected"),
    ],
)
def test_a_difference_that_cannot_be_seen_is_told_by_code_points(
    found: str, expected: str, told: str
) -> None:
    assert told in (unseen_difference(found, expected) or "")


@pytest.mark.parametrize(
    ("found", "expected"), [("Jane", "Joan"), ("Jane", "JANE"), ("", "Jane"), ("a" * 500, "\u0430" * 500)]
)
def test_what_everybody_sees_is_not_explained(found: str, expected: str) -> None:
    assert unseen_difference(found, expected) is None


def test_many_differences_are_cut_short() -> None:
    assert (unseen_difference("\u0430" + "x\u0430" * 9, "a" + "xa" * 9) or "").endswith("and 6 more")
