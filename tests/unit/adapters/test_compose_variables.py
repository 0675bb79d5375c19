from __future__ import annotations

import pytest

from devtool.adapters.compose.variables import Variable, read_variables
from devtool.errors import InputError


def values(text: str, **environment: str) -> dict[str, str | None]:
    return {name: each.value for name, each in read_variables(text, ".env", environment.get).items()}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("export A=1", "1"),
        ("A = spaced out ", "spaced out"),
        ("A: as in YAML", "as in YAML"),
        ("A=one # a remark", "one"),
        ("A=one#no remark", "one#no remark"),
        ("A=# a remark", ""),
        ("A=", ""),
        ('A="with # inside" # a remark', "with # inside"),
        (r'A="a\tb\"c\$d"', 'a\tb"c$d'),
        (r"A='it\'s $HOME\n'", r"it's $HOME\n"),
        ('A="two\nlines"', "two\nlines"),
        ("A=x=y", "x=y"),
        ("A=1\r", "1"),
        ("\ufeffA=1", "1"),
        ("# A=0\n\n  A=1", "1"),
        ("A=1\nA=2", "2"),
    ],
)
def test_a_value_is_what_compose_makes_of_it(line: str, value: str) -> None:
    assert values(line) == {"A": value}


def test_a_value_names_earlier_lines_and_the_environment_which_wins() -> None:
    made = values("A=1\nB=2\nC=$A-${B}-${D:-d}", B="environment")

    assert made["C"] == "1-environment-d"


def test_a_name_alone_is_left_to_the_environment() -> None:
    assert read_variables("A=1\nHERE\n", ".env", {}.get)["HERE"] == Variable("HERE", None, 2)


def test_every_variable_knows_its_line() -> None:
    text = '# one\n\nA=1\nB="two\nlines"\nC=3\n'

    lines = {name: each.line for name, each in read_variables(text, ".env", {}.get).items()}

    assert lines == {"A": 3, "B": 4, "C": 6}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A=1\n=2", ".env:2: no `NAME=value` stands here"),
        ("A=1\nB='open", ".env:2: the quote is not closed"),
        ("A=${B:?say it}", ".env:1: `B` must be set: say it"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        values(text)

    assert raised.value.message == why
