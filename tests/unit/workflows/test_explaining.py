from __future__ import annotations

import pytest

from devtool.checks import GATES, IDS
from devtool.errors import InputError
from devtool.knowledge.library import failure, failure_ids
from devtool.model.commit import RULES as COMMIT_RULES
from devtool.model.pull_request import RULES as PULL_REQUEST_RULES
from devtool.system import System
from devtool.workflows.explaining import page, search, topics
from tests.support import FakeFiles, fake_system

RULES = (*COMMIT_RULES, *PULL_REQUEST_RULES)
OWN = """
title = "flurbl cannot join segments"
summary = "the segments were made by another flurbl"
cause = "Segments of two releases cannot be joined."
patterns = ["flurbl: cannot join the <any...> segments of \\\\<main>"]
[[remedy]]
text = "Make them anew."
commands = ["flurbl make"]
"""


def beside_own_knowledge(text: str = OWN) -> System:
    return fake_system(
        files=FakeFiles(
            {
                "/checkout/.git/HEAD": "ref: refs/heads/main\n",
                "/checkout/.devtool/knowledge/flurbl.toml": text,
            }
        )
    )


def ids(system: System, *words: str) -> list[str]:
    return [topic.id for topic in search(system, words)]


def test_no_id_is_both_a_check_and_a_failure() -> None:
    assert set(IDS) & set(failure_ids()) == set()


def test_every_check_failure_and_rule_is_listed_once() -> None:
    known = (*IDS, *GATES)

    listed = [(topic.kind, topic.id) for topic in topics(fake_system())]

    assert listed[: len(known)] == [("check", each) for each in known]
    assert listed[-len(RULES) :] == [("rule", each) for each in RULES]
    assert sorted(listed[len(known) : -len(RULES)]) == [("failure", each) for each in failure_ids()]


def test_every_failure_has_a_page_with_all_that_is_known_of_it() -> None:
    for each in failure_ids():
        known, written = failure(each), page(fake_system(), each)

        assert known is not None
        assert (written.kind, written.id, written.title) == ("failure", each, known.title)
        assert written.meaning == known.cause
        assert len(written.cures) == len(known.remedies)
        assert (written.links, written.checks, written.wrong) == (known.links, known.checks, known.wrong)
        assert written.signs
        assert not [command for cure in written.cures for command in cure.commands if "|1." in command]


def test_a_failure_that_the_project_knows_is_explained_too() -> None:
    written = page(beside_own_knowledge(), "flurbl")

    assert written.signs == ("flurbl: cannot join the … segments of <main>",)
    assert written.knowledge == "/checkout/.devtool/knowledge/flurbl.toml"
    assert "flurbl" in [topic.id for topic in topics(beside_own_knowledge())]
    assert ids(beside_own_knowledge(), "flurbl", "RELEASES") == ["flurbl"]


def test_a_broken_file_of_the_project_spoils_no_page_of_ours() -> None:
    broken = beside_own_knowledge("title = ")

    assert page(broken, "conan").kind == "check"
    with pytest.raises(InputError, match=r"flurbl\.toml"):
        topics(broken)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("go-notfound", "did you mean `go-not-found`?"),
        ("conna", "did you mean `conan`?"),
        ("flurbel", "did you mean `flurbl`?"),
        ("../../etc/passwd", "`devtool explain` lists every id, `devtool explain --search WORDS` finds one"),
    ],
)
def test_an_unknown_id_names_the_nearest_of_checks_and_failures(asked: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        page(beside_own_knowledge(), asked)

    assert raised.value.message == f"no check, failure or rule has the id `{asked}`"
    assert raised.value.hint == hint


def test_hits_in_an_id_stand_above_those_in_a_title_and_those_above_text() -> None:
    found = search(fake_system(), ["conan"])

    places = [0 if "conan" in topic.id else 1 if "conan" in topic.title.lower() else 2 for topic in found]
    assert places == sorted(places)
    assert set(places) >= {0, 2}


def test_a_whole_word_stands_above_the_beginning_of_one() -> None:
    found = ids(fake_system(), "go")

    assert found.index("go") < found.index("golangci-lint")
    assert found.index("go-not-found") < found.index("golangci-lint")


def test_a_word_is_not_found_inside_another() -> None:
    assert "rust-cargo-not-found" not in ids(beside_own_knowledge(), "argo")
    assert ids(beside_own_knowledge(), "lurbl") == []


def test_all_words_must_be_said_in_whatever_case_and_order() -> None:
    one, other = ids(fake_system(), "IMP", "python"), ids(fake_system(), "Python imp")

    assert one == other
    assert "python-imp-removed" in one
    assert ids(fake_system(), "imp", "python", "flurbl") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("ModuleNotFoundError: No module named 'imp'", "python-imp-removed"),
        ("/bin/sh: 1: go: not found", "go-not-found"),
        ("flurbl: cannot join the old segments of <main>", "flurbl"),
    ],
)
def test_a_line_of_a_log_finds_the_failure_that_it_shows_first(line: str, shown: str) -> None:
    assert ids(beside_own_knowledge(), line)[0] == shown
    assert ids(beside_own_knowledge(), *line.split())[0] == shown


@pytest.mark.parametrize("words", ["[", "(.*", "\\", "a" * 10_000, "<any...>", "\x1b[31m"])
def test_words_are_no_expressions(words: str) -> None:
    assert isinstance(search(fake_system(), [words]), tuple)
