"""The language of patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.knowledge.pattern import Template


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("no space left", "x: no space left", True),
        ("no space left", "x: No space left", False),
        ("no space left", "no  \t space left", True),
        ("go: command", "go: command not found", True),
        ("go: command", "cargo: command not found", False),
        ("found: go", "found: gopher", False),
        ("port <n> is taken", "port 8080 is taken", True),
        ("port <n> is taken", "port 80 80 is taken", False),
        ("port <n> is taken", "port  is taken", False),
        ("port <any...> is taken", "port 80 and 81 is taken", True),
        ("cannot open '<file>' here", "cannot open \ufffd\ufffda.c\ufffd\ufffd here", True),
        ("cannot open '<file>' here", "cannot open `a.c' here", True),
        (r"operator\<\< is gone", "operator<< is gone", True),
        (r"C:\\temp is full", "C:\\temp is full", True),
        ("a.b*c is (not) [here]", "a.b*c is (not) [here]", True),
        ("a.b*c is (not) [here]", "axbbc is not h", False),
    ],
)
def test_a_text_is_found_where_it_stands_and_nowhere_else(text: str, line: str, found: bool) -> None:
    assert (Template(text).regex.search(line) is not None) is found


@pytest.mark.parametrize(
    "before",
    ["", "  ", "bash: line 3: ", "/bin/sh: 1: ", "make[2]: ", "ERROR: ", "./a.sh: line 9: ", "make: bash: "],
)
def test_the_start_of_a_message_is_behind_what_shells_say(before: str) -> None:
    assert Template("go: command not found", start=True).regex.search(f"{before}go: command not found")


@pytest.mark.parametrize("before", ["see ", "he said: ", "the cargo, go: "])
def test_the_middle_of_a_message_is_not_its_start(before: str) -> None:
    assert not Template("go: command not found", start=True).regex.search(f"{before}go: command not found")


@given(
    st.lists(st.sampled_from(["cannot", "join", "<n>", "'", "<x...>", "the segments", ":", "é"]), min_size=1)
)
def test_an_anchor_and_every_word_stand_in_all_that_a_text_finds(parts: list[str]) -> None:
    text = "frobnicate " + " ".join(parts)
    template = Template(text)
    said = text.replace("<n>", "12").replace("<x...>", "any")

    assert template.regex.search(said)
    assert any(anchor in said for anchor in template.anchors)
    assert all(word in said.encode() for word in template.words)


def test_a_phrase_is_looked_for_rather_than_a_name_that_every_line_of_a_build_holds() -> None:
    assert Template("No package 'milvus_segcore' found").anchors == ("No package",)


def test_halves_are_looked_for_where_a_line_break_could_spoil_the_whole() -> None:
    assert Template("error while loading shared libraries").anchors == (
        "error while loading",
        "shared libraries",
    )
