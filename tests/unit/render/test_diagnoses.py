from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from devtool.model.diagnosis import Cure, Excerpt
from devtool.render import FORMATS
from devtool.render.diagnosis import render
from tests.support.diagnoses import (
    CCACHE,
    CONAN,
    CONFIRMED,
    EVERYTHING,
    NINJA,
    NOTHING,
    REFUTED,
    SAMPLES,
    TEMPLATE,
    UNKNOWN,
    UNRECOGNISED,
    diagnosis,
)
from tests.support.golden import same_as_golden

HOSTILE = "a\x1b]0;owned\x07b\x1b[2Jc\r\x9bd\u202ee\x00"


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_text_reads_as_its_golden_file(name: str, width: int, pytestconfig: pytest.Config) -> None:
    text = render(SAMPLES[name], "text", width=width)

    assert same_as_golden(f"diagnosis/{name}-{width}.text", text, pytestconfig.getoption("--refresh-golden"))


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "text"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_for_programs_is_its_golden_file(
    name: str, form: str, pytestconfig: pytest.Config
) -> None:
    text = render(SAMPLES[name], form)

    assert same_as_golden(f"diagnosis/{name}.{form}", text, pytestconfig.getoption("--refresh-golden"))


@pytest.mark.parametrize("name", SAMPLES)
def test_colour_adds_no_word(name: str) -> None:
    coloured = render(SAMPLES[name], "text", colour=True)

    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(SAMPLES[name], "text")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_prose_and_excerpts_stay_within_the_terminal(width: int) -> None:
    shown = render(EVERYTHING, "text", width=width).splitlines()

    commands = {
        f"{'':14}{line}" for finding in EVERYTHING.findings for c in finding.cures for line in c.commands
    }
    assert [line for line in shown if len(line) > width and line not in commands and "`" not in line] == []


@pytest.mark.parametrize("width", [40, 80])
def test_a_command_stands_on_a_line_of_its_own_however_long_it_is(width: int) -> None:
    command = "curl -fsSL https://example.org/" + "x" * 200 + " | tar -xz"
    long = replace(CONAN, cures=(Cure("Fetch it.", (command, "make")),))

    shown = render(diagnosis(long), "text", width=width).splitlines()

    assert [line.strip() for line in shown if "curl" in line or line.strip() == "make"] == [command, "make"]


def test_text_and_json_tell_the_same_findings_in_the_same_order() -> None:
    data = json.loads(render(EVERYTHING, "json"))
    flat = " ".join(render(EVERYTHING, "text", width=100).split())

    places = [flat.index(f"{finding['id']}") for finding in data["findings"]]
    assert places == sorted(places)
    assert data["findings"][0]["primary"] is True
    assert data["findings"][0]["summary"] in flat
    assert data["findings"][0]["cause"].split("\n")[0] in flat


def test_the_excerpt_of_json_is_the_shown_lines() -> None:
    (finding, _) = json.loads(render(CONFIRMED, "json"))["findings"]

    lines = finding["excerpt"].split("\n")
    assert lines == list(CONAN.excerpt.lines)
    assert lines[finding["line"] - finding["first_line"]] == CONAN.excerpt.said
    assert finding["source"] == "build.log"


def test_nothing_from_a_log_or_a_project_steers_the_terminal() -> None:
    excerpt = Excerpt(HOSTILE, 1, 1, (HOSTILE, HOSTILE))
    hostile = replace(
        CONAN,
        excerpt=excerpt,
        summary=HOSTILE,
        cause=HOSTILE,
        wrong=HOSTILE,
        cures=(Cure(HOSTILE, (HOSTILE,), HOSTILE),),
        evidence=(HOSTILE,),
        knowledge=HOSTILE,
    )
    followed = replace(hostile, primary=False, follows="conan-not-found")
    refuted = replace(hostile, primary=False, state="refuted")
    shown = diagnosis(
        hostile,
        replace(hostile, primary=False),
        followed,
        refuted,
        sources=(HOSTILE,),
        unrecognised=(replace(UNKNOWN, excerpt=excerpt),),
        template=HOSTILE,
    )

    text = render(shown, "text")

    assert [c for c in text if not c.isprintable() and c != "\n"] == []


def test_a_line_of_millions_of_characters_takes_four_rows_and_says_that_more_follows() -> None:
    long = replace(CONAN, excerpt=Excerpt("build.log", 1, 1, ("x" * 5_000_000,)))

    rows = [line for line in render(diagnosis(long), "text").splitlines() if "xxx" in line]

    assert len(rows) == 4
    assert rows[-1].endswith("x…")
    assert all(len(row) <= 80 for row in rows)


def test_a_line_of_a_log_never_begins_a_row_where_a_ci_server_would_obey_it() -> None:
    said = Excerpt("build.log", 1, 1, ("x" * 60 + " ::error::x " * 9, "::add-mask::x"))

    shown = render(diagnosis(replace(CONAN, excerpt=said)), "text").splitlines()

    assert [line for line in shown if line.strip().startswith("::")] == []


def test_chinese_takes_two_columns_a_character() -> None:
    said = "错误是找不到命令" * 8
    chinese = replace(CONAN, excerpt=Excerpt("build.log", 1, 1, (said,)))

    rows = [line for line in render(diagnosis(chinese), "text").splitlines() if "错" in line]

    assert "".join(row.partition("| ")[2] for row in rows) == said
    assert all(len(row.partition("| ")[2]) <= 35 for row in rows)


def test_a_log_from_standard_input_is_named_so_and_cannot_be_pasted_again() -> None:
    piped = diagnosis(replace(CONAN, excerpt=replace(CONAN.excerpt, source="-")), sources=("-",))

    text = render(piped, "text")

    assert "first in line 412 of standard input" in " ".join(text.split())
    assert "`devtool diagnose --here LOG`" in text
    assert "file=" not in render(piped, "github")
    assert '"physicalLocation"' not in render(piped, "sarif")


@pytest.mark.parametrize(
    ("sources", "typed"),
    [
        (("a log.txt", "-x.log"), "'a log.txt' ./-x.log"),
        (("a", "b", "c", "d"), "LOG"),
        (("build.log",), "build.log"),
    ],
)
def test_the_logs_in_a_hint_can_be_pasted(sources: tuple[str, ...], typed: str) -> None:
    assert f"`devtool diagnose --here {typed}`" in render(diagnosis(CONAN, sources=sources), "text")


def test_what_this_machine_was_asked_already_is_not_hinted_at_again() -> None:
    assert "--here" not in render(CONFIRMED, "text")
    assert "--here" in render(EVERYTHING, "text")


def test_a_failure_of_the_projects_own_knowledge_names_its_file() -> None:
    own = replace(CONAN, knowledge=".devtool/knowledge/conan-not-found.toml")

    text = render(diagnosis(own), "text")

    assert "`.devtool/knowledge/conan-not-found.toml`" in text


def test_a_warning_alone_is_no_root_cause() -> None:
    text = render(diagnosis(replace(CCACHE, primary=True), failed=False), "text")

    assert "root cause" not in text
    assert "recognised: 1 warning, in 4,812 lines" in text


def test_a_root_cause_that_this_machine_refutes_is_told_whole_because_the_log_may_be_anothers() -> None:
    shown = diagnosis(replace(CONAN, state="refuted", evidence=("conan 2.25.1",)), confirmed_here=True)

    text = render(shown, "text")

    assert text.startswith("no    conan-not-found: ")
    assert "refuted on this machine; said 1,204 times" in text
    assert text.index("here: conan 2.25.1") < text.index("so:   mended since") < text.index("why:")
    assert text.count("here: ") == 1
    assert "pipx install 'conan==2.25.1'" in text
    assert "recognised: 1 refuted suspicion, in 4,812 lines" in text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (NOTHING, "no known failure in 4,812 lines"),
        (replace(NOTHING, lines=1), "no known failure in 1 line"),
        (replace(NOTHING, failed=True), "no known failure in 4,812 lines, though something failed"),
        (replace(NOTHING, sources=("a", "b")), "no known failure in 4,812 lines of 2 logs"),
    ],
)
def test_nothing_found_is_one_honest_line(found: object, said: str) -> None:
    assert render(found, "text") == said


def test_a_template_can_be_pasted_whole() -> None:
    assert f"\n\n{TEMPLATE}\n" in render(UNRECOGNISED, "text")


def test_without_a_template_the_command_that_writes_one_is_named() -> None:
    assert "`devtool learn build.log`" in render(replace(UNRECOGNISED, template=None), "text")


def test_of_several_logs_the_one_to_learn_from_is_named() -> None:
    several = replace(UNRECOGNISED, sources=("one.log", "build.log"))

    assert "`devtool learn build.log`" in render(several, "text")
    assert "`devtool learn build.log`" in render(replace(several, template=None), "text")


def test_junit_fails_what_failed_and_passes_what_is_refuted_or_a_warning() -> None:
    document = render(diagnosis(CONAN, CCACHE, NINJA, REFUTED, unrecognised=(UNKNOWN,)), "junit")

    (suite,) = ElementTree.fromstring(document)
    outcomes = {case.get("name"): [part.tag for part in case] for case in suite}
    assert outcomes == {
        "conan-not-found": ["failure"],
        "ccache-disabled": ["system-out"],
        "cmake-build-files-missing": ["failure"],
        "conan-python-without-imp": ["system-out"],
        "build.log:96": ["error"],
    }
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "1")


def test_a_suite_always_has_a_case_because_servers_refuse_an_empty_one() -> None:
    (suite,) = ElementTree.fromstring(render(NOTHING, "junit"))

    assert [(case.get("name"), case.findtext("system-out")) for case in suite] == [
        ("known-failures", "no known failure in 4,812 lines")
    ]


def test_sarif_points_into_the_log_and_carries_the_cure_in_its_rule() -> None:
    (run,) = json.loads(render(EVERYTHING, "sarif"))["runs"]

    first = run["results"][0]
    assert (first["ruleId"], first["level"], first["occurrenceCount"]) == ("conan-not-found", "error", 1204)
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "build.log"
    assert place["region"]["startLine"] == 412
    assert "pipx install 'conan==2.25.1'" in run["tool"]["driver"]["rules"][0]["help"]["text"]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("logs/build 1.log", "logs/build%201.log"),
        ("/tmp/b.log", "file:///tmp/b.log"),
        ("a:b#c?.log", "a%3Ab%23c%3F.log"),
        ("\udcff.log", "%FF.log"),
    ],
)
def test_the_name_of_a_log_becomes_a_uri(source: str, uri: str) -> None:
    shown = diagnosis(replace(CONAN, excerpt=replace(CONAN.excerpt, source=source)))

    (run,) = json.loads(render(shown, "sarif"))["runs"]

    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


def test_a_rule_stands_once_however_many_results_it_has() -> None:
    twice = diagnosis(CONAN, unrecognised=(UNKNOWN, replace(UNKNOWN, count=1)))

    (run,) = json.loads(render(twice, "sarif"))["runs"]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["conan-not-found", "unknown-error"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 1]


def test_an_annotation_escapes_what_would_end_it() -> None:
    hostile = replace(
        CONAN,
        summary="50% of\r\n::error::two",
        excerpt=replace(CONAN.excerpt, source="a,b:c%.log"),
    )

    first, closing = render(diagnosis(hostile), "github").split("\n")

    assert first.startswith(
        "::error file=a%2Cb%3Ac%25.log,line=412,title=devtool conan-not-found::50%25 of%0D%0A::error::two%0A"
    )
    assert closing == "devtool diagnose: recognised: 1 failure, in 4,812 lines"


def test_what_followed_or_is_refuted_is_a_mere_notice() -> None:
    shown = render(diagnosis(CONAN, CCACHE, NINJA, REFUTED, unrecognised=(UNKNOWN,)), "github")

    assert [line.split(" ")[0] for line in shown.splitlines()] == [
        "::error",
        "::warning",
        "::notice",
        "::notice",
        "::warning",
        "devtool",
    ]
