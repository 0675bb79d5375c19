"""TOML from a checkout that nobody vouches for."""

from __future__ import annotations

import time

import pytest

from devtool.system.toml import TOMLDecodeError, loads


def test_a_document_is_read() -> None:
    assert loads('a.b."c d" = [1, {e = "f"}]\n') == {"a": {"b": {"c d": [1, {"e": "f"}]}}}


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000 + "]" * 100_000,
        "a = " + "{b = " * 100_000 + "1" + "}" * 100_000,
        "a = " + "[" * 100_000,
    ],
    ids=["lists", "tables", "open"],
)
def test_values_nested_without_end_are_an_error_of_the_file(text: str) -> None:
    with pytest.raises(TOMLDecodeError, match="nested too deeply"):
        loads(text)


@pytest.mark.parametrize("part", ["a", '"a b"', "'.'", "a-1_b"])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "[[{}]]", "x = {{ {} = 1 }}"])
def test_a_key_of_endless_parts_is_refused_at_once(form: str, part: str) -> None:
    text = form.format(" . ".join([part] * 200_000))

    with pytest.raises(TOMLDecodeError, match="a key of more than 64 parts"):
        loads(text)


@pytest.mark.parametrize("filling", ["x" * 2_000_000, "." * 2_000_000, '"' * 2_000_000, "a." * 60 + " "])
def test_text_with_dots_or_long_words_costs_no_time(filling: str) -> None:
    before = time.process_time()

    assert loads(f"a = '''\n{filling}\n'''") == {"a": f"{filling}\n"}
    assert time.process_time() - before < 2
