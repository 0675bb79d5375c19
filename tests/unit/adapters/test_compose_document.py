from __future__ import annotations

import pytest

from devtool.adapters.compose.document import Marked, parse
from devtool.errors import InputError


def read(text: str) -> object:
    return parse(f"it: {text}", "compose.yaml").data["it"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("word", "word"),
        ("7", "7"),
        ("0777", "511"),
        ("0x1f", "31"),
        ("1_000", "1000"),
        ("1.50", "1.5"),
        ("1.0", "1"),
        ("1e3", "1000"),
        ("1234567.5", "1.2345675e+06"),
        ("0.00001", "1e-05"),
        ("100000000000000000000", "1e+20"),
        ("True", "true"),
        ("yes", "yes"),
        ("12:30:45", "12:30:45"),
        ("22:22", "22:22"),
        ("2024-01-02", "2024-01-02 00:00:00 +0000 UTC"),
        ("~", None),
        ("", None),
        ("null", None),
        ("'null'", "null"),
        ('"0777"', "0777"),
        ("[1, ~, a]", ["1", None, "a"]),
        ("!reset null", Marked("!reset", None)),
        ("!override [a]", Marked("!override", ["a"])),
    ],
)
def test_a_scalar_becomes_the_text_that_compose_makes_of_it(text: str, value: object) -> None:
    assert read(text) == value


def test_merge_keys_give_what_a_mapping_does_not_say_itself() -> None:
    text = """
a: &a {X: 1, Y: 1}
b: &b {Y: 2, Z: 2}
c:
  Z: 3
  <<: [*a, *b]
"""

    assert parse(text, "f").data["c"] == {"X": "1", "Y": "1", "Z": "3"}


def test_every_key_knows_its_line_and_one_that_came_by_merging_that_of_its_anchor() -> None:
    document = parse("x: &x\n  image: a\nservices:\n  s:\n    <<: *x\n    user: u\n", "f")

    assert document.lines[("services", "s", "user")] == 6
    assert document.lines[("services", "s", "image")] == 2


def test_a_key_that_stands_twice_is_told() -> None:
    assert parse("a:\n  b: 1\n  b: 2\n", "f.yml").repeated == ["`a.b` at f.yml:3"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [1", "f:2: not valid YAML: did not find expected ',' or ']'"),
        ("a: 1\n b: 2", "f:2: not valid YAML: mapping values are not allowed in this context"),
        ("- a", "f:1: holds no mapping, as a Compose file does"),
        ("a:\n  <<: 7", "f:2: `<<` takes a mapping"),
        ("a: *b", "f:1: not valid YAML: found undefined alias"),
    ],
)
def test_what_is_no_compose_file_is_named_with_its_line(text: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text, "f")

    assert raised.value.message.startswith(why)


def test_aliases_of_aliases_end_in_a_message() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))

    with pytest.raises(InputError) as raised:
        parse(bomb, "f")

    assert "nested too deeply, or too large" in raised.value.message


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 400_000, "a: " + "{a: " * 100_000, "a:\n" + "- " * 200_000, "a: &a [*a]"]
)
def test_nesting_without_end_ends_in_a_message(text: str) -> None:
    with pytest.raises(InputError):
        parse(text, "f")


def test_an_empty_file_says_nothing() -> None:
    assert parse("# nothing\n", "f").data == {}
