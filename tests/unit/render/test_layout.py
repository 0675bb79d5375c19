from __future__ import annotations

import pytest

from devtool.render.layout import cut, measure, rows_of


@pytest.mark.parametrize(
    ("line", "width", "shown"),
    [
        ("", 5, ""),
        ("12345", 5, "12345"),
        ("123456", 5, "1234…"),
        ("找不到", 6, "找不到"),
        ("找不到它", 7, "找不到…"),
        ("找不到它", 6, "找不…"),
    ],
)
def test_what_does_not_fit_is_cut_and_marked(line: str, width: int, shown: str) -> None:
    assert cut(line, width) == shown


@pytest.mark.parametrize(
    ("line", "limit", "rows"),
    [
        ("one two three", 4, ["one two", "three"]),
        ("abcdefghijklmno", 4, ["abcdefgh", "ijklmno"]),
        ("a bcdefghijk", 4, ["a bcdefg", "hijk"]),
        ("one two three four five", 2, ["one two", "three f…"]),
    ],
)
def test_a_long_line_is_broken_between_words_where_that_leaves_no_row_half_empty(
    line: str, limit: int, rows: list[str]
) -> None:
    assert rows_of(line, 8, limit) == rows


@pytest.mark.parametrize(("columns", "used"), [(20, 40), (80, 80), (200, 100)])
def test_prose_is_neither_squeezed_nor_stretched(columns: int, used: int) -> None:
    assert measure(columns) == used
