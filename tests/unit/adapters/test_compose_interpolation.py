from __future__ import annotations

import pytest

from devtool.adapters.compose.interpolation import UnfilledError, fill

SET = {"NAME": "value", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("$NAME-${NAME}", "value-value"),
        ("$$NAME", "$NAME"),
        ("${UNSET:-default}|${EMPTY:-default}|${EMPTY-default}|${UNSET-default}", "default|default||default"),
        ("${NAME:+there}|${EMPTY:+there}|${EMPTY+there}|${UNSET+there}", "there||there|"),
        ("${UNSET:-${EMPTY:-${NAME}}}", "value"),
        ("${NAME:?must be}", "value"),
        ("$(date) $1 $", "$(date) $1 $"),
        ("[$UNSET]", "[]"),
    ],
)
def test_variables_are_put_in(text: str, filled: str) -> None:
    assert fill(text, SET.get) == filled


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${UNSET:?name a version}", "`UNSET` must be set: name a version"),
        ("${EMPTY:?}", "`EMPTY` must be set"),
        ("${UNSET?}", "`UNSET` must be set"),
        ("${NA ME}", "`${NA ME}` is no variable"),
        ("${NAME", "`${NAME` is no variable"),
        ("${}", "`${}` is no variable"),
        ("${NAME!x}", "`${NAME!x}` is no variable"),
    ],
)
def test_what_cannot_be_put_in_is_said(text: str, why: str) -> None:
    with pytest.raises(UnfilledError) as raised:
        fill(text, SET.get)

    assert str(raised.value) == why


def test_what_counts_as_empty_for_want_of_a_value_is_told() -> None:
    told: list[str] = []

    fill("$UNSET ${EMPTY} ${OTHER:-x} ${MORE-${DEEP}}", SET.get, told.append)

    assert told == ["UNSET", "DEEP"]


def test_text_of_braces_without_end_takes_no_time() -> None:
    with pytest.raises(UnfilledError):
        fill("${A:-" * 5000, SET.get)
