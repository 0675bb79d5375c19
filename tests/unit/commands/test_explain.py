from __future__ import annotations

import json
from dataclasses import replace

import pytest

from devtool.cli import run
from devtool.model.diagnosis import Cure
from devtool.model.explanation import Explanation, Topic
from devtool.render.catalogue import render_catalogue, render_explanation, render_found
from tests.support import FakeConsole, fake_system

PAGE = Explanation(
    kind="failure",
    id="conan-not-found",
    title="`conan` is not on PATH",
    meaning="The build script calls Conan by name, and no folder on PATH holds it.",
    why="",
    cures=(
        Cure("Install it in an environment of its own.", ("pipx install conan==2.25.1",), "on Linux"),
        Cure("Or take the distribution's.", ("apt-get install conan",), "on Linux"),
        Cure("Take Homebrew's.", ("brew install conan",), "on macOS"),
    ),
    links=("https://docs.conan.io/2/installation.html",),
    summary="no conan",
    signs=("conan: command not found", "conan: not found"),
    wrong="`sudo pip install conan` changes the system's own Python.",
    checks=("conan", "conan-path"),
)
TOPICS = (
    Topic("check", "conan", "build", "Conan fits"),
    Topic("failure", "conan-not-found", "conan", "`conan` is not on PATH"),
    Topic(
        "failure", "macos-chrono-operator-ambiguous", "compiler", "a title that is too long for one line " * 2
    ),
)


def test_a_page_of_a_failure_tells_cause_looks_cures_and_what_confirms_it() -> None:
    assert render_explanation(PAGE, "text", 80) == (
        "conan-not-found: `conan` is not on PATH\n"
        "\n"
        "  The build script calls Conan by name, and no folder on PATH holds it.\n"
        "\n"
        "What it looks like in a log\n"
        "  conan: command not found\n"
        "  conan: not found\n"
        "\n"
        "How to cure it by hand\n"
        "  on Linux:\n"
        "    Install it in an environment of its own.\n"
        "      pipx install conan==2.25.1\n"
        "\n"
        "    Or take the distribution's.\n"
        "      apt-get install conan\n"
        "\n"
        "  on macOS:\n"
        "    Take Homebrew's.\n"
        "      brew install conan\n"
        "\n"
        "What does not help\n"
        "  `sudo pip install conan` changes the system's own Python.\n"
        "\n"
        "What confirms it on a machine\n"
        "  devtool doctor --only conan --only conan-path\n"
        "\n"
        "More\n"
        "  https://docs.conan.io/2/installation.html"
    )


def test_json_carries_the_whole_page() -> None:
    data = json.loads(render_explanation(PAGE, "json", 80))

    assert data == {
        "schema": 1,
        "kind": "failure",
        "id": "conan-not-found",
        "title": PAGE.title,
        "summary": "no conan",
        "meaning": PAGE.meaning,
        "why": "",
        "signs": list(PAGE.signs),
        "cures": [{"when": c.condition, "text": c.text, "commands": list(c.commands)} for c in PAGE.cures],
        "wrong": PAGE.wrong,
        "checks": ["conan", "conan-path"],
        "links": list(PAGE.links),
        "knowledge": None,
    }


def test_a_failure_with_many_ways_to_be_said_shows_some_and_counts_the_rest() -> None:
    many = replace(PAGE, signs=tuple(f"said so {n}" for n in range(20)))

    assert "  said so 7\n  and 12 more with `--format json`\n" in render_explanation(many, "text", 80)


def test_a_projects_own_page_cannot_steer_the_terminal() -> None:
    hostile = replace(PAGE, title="\x1b]0;x\x07", signs=("\x1b[2J",), cures=(Cure("\x9b", ("\r",), "\x00"),))

    text = render_explanation(hostile, "text", 80)

    assert [c for c in text if not c.isprintable() and c != "\n"] == []


def test_the_list_has_a_section_for_checks_and_one_for_failures_by_group() -> None:
    assert render_catalogue(TOPICS, "text", 80) == (
        "Checks of this machine: `devtool doctor`\n"
        "\n"
        "id     for    what holds when it is well\n"
        "conan  build  Conan fits\n"
        "\n"
        "Failures that logs show: `devtool diagnose LOG`\n"
        "\n"
        "conan\n"
        "  conan-not-found                  `conan` is not on PATH\n"
        "\n"
        "compiler\n"
        "  macos-chrono-operator-ambiguous  a title that is too long for one line a title\n"
        "                                   that is too long for one line"
    )


def test_the_rules_of_commits_have_a_section_of_their_own() -> None:
    rule = Topic("rule", "sign-off-missing", "commits", "a commit has a sign-off")

    shown = render_catalogue((*TOPICS, rule), "text", 80)

    assert shown.endswith(
        "\n\nRules that commits have to keep: `devtool dco check`\n\n"
        "  sign-off-missing                 a commit has a sign-off"
    )


def test_json_lists_every_kind() -> None:
    data = json.loads(render_catalogue(TOPICS[:2], "json", 80))

    assert data == {
        "schema": 1,
        "checks": [{"id": "conan", "gates": "build", "title": "Conan fits"}],
        "failures": [{"id": "conan-not-found", "group": "conan", "title": "`conan` is not on PATH"}],
        "rules": [],
    }


def test_what_a_search_found_is_a_line_each() -> None:
    assert render_found(["conan"], TOPICS[:2], "text", 80) == (
        "check    conan            Conan fits\nfailure  conan-not-found  `conan` is not on PATH"
    )


def test_the_list_of_this_version_fits_a_terminal_of_80_columns() -> None:
    console = FakeConsole()

    assert run(["explain"], fake_system(console=console)) == 0
    assert [line for line in console.results[0].splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("asked", ["conan", "go-not-found"])
def test_a_page_is_printed_for_a_check_and_for_a_failure(asked: str) -> None:
    console = FakeConsole()

    assert run(["explain", asked], fake_system(console=console)) == 0
    assert console.results[0].startswith(f"{asked}: ")


def test_a_search_prints_what_it_found() -> None:
    console = FakeConsole()

    assert run(["explain", "--search", "imp", "conan", "--format", "json"], fake_system(console=console)) == 0

    data = json.loads(console.results[0])
    assert data["words"] == ["imp", "conan"]
    assert {(each["kind"], each["id"]) for each in data["found"]} >= {
        ("failure", "python-imp-removed"),
        ("check", "conan"),
    }


def test_a_search_that_finds_nothing_says_so_in_one_line_and_exits_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = FakeConsole()

    assert run(["explain", "--search", "flurbl", "qux"], fake_system(console=console)) == 1
    assert console.results == []
    assert capsys.readouterr().err == "devtool: nothing is known about `flurbl qux`\n"


def test_json_of_a_search_that_finds_nothing_is_still_a_document() -> None:
    console = FakeConsole()

    assert run(["explain", "--search", "flurbl", "--format", "json"], fake_system(console=console)) == 1
    assert json.loads(console.results[0]) == {"schema": 1, "words": ["flurbl"], "found": []}


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["explain", "conan", "go"], "only one id can be explained at a time"),
        (["explain", "--search"], "`--search` needs words"),
        (["explain", "--search", " "], "`--search` needs words"),
        (["explain", ""], "no check, failure or rule has the id ``"),
    ],
)
def test_what_cannot_be_asked_is_bad_input(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(argv, fake_system()) == 2
    assert capsys.readouterr().err.startswith(f"devtool: {said}\n")
