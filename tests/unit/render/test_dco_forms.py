"""A report of sign-offs in every form."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from devtool.model.commit import Violation
from devtool.model.dco import Range, Repair, SignOffReport
from devtool.model.sign_off import Identity
from devtool.render import FORMATS
from devtool.render.dco import render

A, B = "a" * 40, "b" * 40
JANE = Identity("Jane Doe", "jane@example.org")
REPORT = SignOffReport(
    range=Range("origin/main..HEAD", B, A, "the upstream of this branch"),
    standard="github",
    history=False,
    checked=3,
    skipped=1,
    violations=(
        Violation(
            A, "sign-off-missing", "it has no sign-off", "fix: it", JANE, (f"Signed-off-by: {JANE}",), ()
        ),
        Violation(
            B,
            "sign-off-mismatch",
            "it is signed off, but not by its author",
            "feat: \x1b[31mred",
            JANE,
            (f"Signed-off-by: {JANE}", "Signed-off-by: Joe <joe@example.org>"),
            ("Signed-off-by: Jane\xa0Doe <jane@example.org>",),
            ("name: after `jane` stands U+00A0 NO-BREAK SPACE, and U+0020 SPACE is expected",),
        ),
    ),
    repairs=(Repair((A, B), "sign these 2 commits off", ("git commit --amend",)),),
    notes=("a note",),
)
CLEAN = replace(REPORT, violations=(), repairs=(), notes=())


def test_text_names_the_commits_then_the_cure_then_the_verdict() -> None:
    assert render(REPORT, "text") == "\n".join(
        [
            "FAIL  aaaaaaaaaa it has no sign-off",
            "      `fix: it` by Jane Doe <jane@example.org>",
            "      want:  Signed-off-by: Jane Doe <jane@example.org>",
            "",
            "FAIL  bbbbbbbbbb it is signed off, but not by its author",
            "      `feat: \\x1b[31mred` by Jane Doe <jane@example.org>",
            "      want:  Signed-off-by: Jane Doe <jane@example.org>",
            "      or:    Signed-off-by: Joe <joe@example.org>",
            "      found: Signed-off-by: Jane\\xa0Doe <jane@example.org>",
            "      note:  name: after `jane` stands U+00A0 NO-BREAK SPACE, and U+0020 SPACE is expected",
            "",
            "      cure: (aaaaaaaaaa, bbbbbbbbbb) sign these 2 commits off",
            "            git commit --amend",
            "",
            "2 of 3 commits in `origin/main..HEAD` lack the right sign-off (1 skipped: merges",
            "and bots)",
            "  `origin/main..HEAD`: the upstream of this branch",
            "  a note",
            "  `devtool explain sign-off-missing` says all about it",
            "  `devtool explain sign-off-mismatch` says all about it",
        ]
    )


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (CLEAN, "3 commits in `origin/main..HEAD` all have the right sign-off (1 skipped: merges"),
        (replace(CLEAN, checked=1, skipped=0), "1 commit in `origin/main..HEAD` has the right sign-off"),
        (replace(CLEAN, checked=0, skipped=0), "nothing to check in `origin/main..HEAD`"),
        (replace(CLEAN, history=True, skipped=0), "3 commits in `origin/main..HEAD` all have a sign-off"),
    ],
)
def test_the_verdict_of_a_clean_range_is_one_line(report: SignOffReport, line: str) -> None:
    assert render(report, "text").splitlines()[0] == line
    assert report.exit_status == 0


def test_text_shows_twenty_commits_and_counts_the_rest() -> None:
    many = replace(REPORT, violations=REPORT.violations * 15)

    shown = render(many, "text")

    assert shown.count("FAIL") == 20
    assert "and 10 commits more; `--format json` lists all" in shown


def test_every_form_names_every_commit_and_the_same_rules() -> None:
    for form in FORMATS:
        shown = render(REPORT, form)

        assert "aaaaaaaaaa" in shown, form
        assert "bbbbbbbbbb" in shown, form
        assert "sign-off-mismatch" in shown, form


def test_junit_fails_the_range_and_each_commit_that_breaks_the_rule() -> None:
    suite = ElementTree.fromstring(render(REPORT, "junit").encode())[0]

    assert (suite.get("tests"), suite.get("failures")) == ("3", "3")
    assert [case.find("failure") is not None for case in suite] == [True, True, True]
    assert ElementTree.fromstring(render(CLEAN, "junit").encode())[0].get("failures") == "0"


def test_sarif_has_one_result_for_each_violation() -> None:
    (log,) = json.loads(render(REPORT, "sarif"))["runs"]

    assert [each["ruleId"] for each in log["results"]] == ["sign-off-missing", "sign-off-mismatch"]
    assert log["results"][0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == A
    assert json.loads(render(CLEAN, "sarif"))["runs"][0]["results"] == []


def test_github_annotates_each_commit_on_one_line() -> None:
    lines = render(REPORT, "github").splitlines()

    assert [line.split("::")[1] for line in lines[:2]] == [
        "error title=devtool sign-off-missing",
        "error title=devtool sign-off-mismatch",
    ]
    assert lines[2:4] == ["sign these 2 commits off", "git commit --amend"]
    assert lines[-1].startswith("devtool dco: 2 of 3 commits")
