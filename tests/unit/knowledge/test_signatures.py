"""From an error that nothing explains to a pattern that is short, telling and raises no false alarm."""

from __future__ import annotations

import pytest

from devtool.knowledge.learning import draft, identify, nearest, page, signature
from devtool.knowledge.pattern import Template
from devtool.knowledge.reading import read
from devtool.system.toml import loads

SAID = "widget-gen: error: schema registry at /opt/reg/17 speaks protocol v4, this build needs v7"


def pattern(said: str, log: tuple[str, ...] = (), corpus: tuple[str, ...] = ()) -> str | None:
    found = signature(said, log, corpus)
    return None if found is None else found.pattern


def test_a_pattern_is_the_telling_beginning_of_the_message_without_what_varies() -> None:
    found = pattern(SAID)

    assert found == "widget-gen: error: schema registry at <path> speaks"
    assert Template(found).regex.search(SAID.replace("/opt/reg/17", "/srv/other"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "src/a.cc:12:5: error: static_assert failed due to kWidgetSize",
            "static_assert failed due to kWidgetSize",
        ),
        (
            "panic: cannot decode frame_header from https://x.example/a?b=1 today",
            "panic: cannot decode frame_header",
        ),
        ("E: broken_index <main> at 0xdeadbeef of pool", "broken_index \\<main>"),
    ],
)
def test_places_addresses_and_numbers_are_no_part_of_a_pattern(said: str, expected: str) -> None:
    found = pattern(said)

    assert found is not None
    assert found.startswith(expected)
    assert Template(found).regex.search(said)


def test_a_pattern_that_would_name_a_known_example_is_passed_over() -> None:
    free = pattern(SAID)
    held = pattern(SAID, corpus=("widget-gen: error: schema registry at /a/b speaks nothing at all",))

    assert free != held
    assert held is not None
    assert Template(held).regex.search(SAID)


def test_a_pattern_that_another_line_of_the_log_says_is_passed_over() -> None:
    found = pattern(SAID, log=("widget-gen: error: schema registry at /a speaks up: all is well",))

    assert found is not None
    assert "protocol" in found


@pytest.mark.parametrize("said", ["error: failed", "Error 1", "it was not found", "", "   "])
def test_a_message_that_says_nothing_of_its_own_gives_no_pattern(said: str) -> None:
    assert pattern(said, corpus=("error: failed", "Error 1", "it was not found")) is None


def test_the_counterexample_is_the_line_most_like_the_message() -> None:
    log = ("all fine", "widget-gen: schema registry at /opt/reg/17 reached", SAID)

    assert nearest(SAID, log, "speaks protocol") == log[1]


def test_an_id_is_made_of_the_telling_words_and_is_never_one_that_is_taken() -> None:
    wanted = "widget-gen: error: schema registry at <path> speaks"

    assert identify(wanted, lambda _: False) == "widget-gen-schema-registry-speaks"
    assert identify(wanted, {"widget-gen-schema-registry-speaks"}.__contains__).endswith("speaks-2")
    assert identify("<a> <b>", lambda _: False) == "unnamed-failure"


@pytest.mark.parametrize(
    "odd", ["plain", "three ''' quotes", 'back\\slash "quoted"', "del \x7f bell \x07", "ends in '"]
)
def test_a_page_holds_every_character_of_the_log(odd: str) -> None:
    text = page(
        "some pattern here", title=odd, cause="c", cures=[odd], example=[odd, "x"], counterexample=odd
    )

    written = loads(text)
    assert written["title"] == odd
    assert written["example"][0]["log"].removeprefix("\n") == f"{odd}\nx\n"
    assert written["counterexample"][0]["log"].removeprefix("\n") == f"{odd}\n"
    assert read(text, "some-id", "f.toml").remedies[0].text == " ".join(odd.split())


def test_a_draft_is_a_knowledge_file_for_the_line() -> None:
    text = draft(SAID, ("before", SAID, "after"))

    assert text is not None
    known = read(text, "widget", "widget.toml")
    assert known.examples[0].log == f"before\n{SAID}\nafter\n"
    assert Template(known.patterns[0].text).regex.search(SAID)


def test_nothing_is_drafted_for_a_line_that_says_nothing() -> None:
    assert draft("", ("",)) is None
