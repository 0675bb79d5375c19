"""A report of a pull request in every form."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from devtool.model.pull_request import FileChange, Judgement, Proposal, PullRequestReport
from devtool.render import FORMATS
from devtool.render.pull_request import render
from tests.support.golden import same_as_golden

A, B, C = "a" * 40, "b" * 40, "c" * 40
STATED = ".github/mergify.yml:688"
PROPOSAL = Proposal(
    base="origin/master",
    target="master",
    base_id=A,
    head_id=B,
    fork_id=C,
    branch="fix-search",
    files=(FileChange("pkg/a.pb.go", "M", A, 3, 1), FileChange("pkg/b.go", "A", B, 40)),
    commits=(B,),
    behind=2,
    title="Fix \x1b[31msearch on an empty segment",
    title_from="the only commit",
    body="",
    body_from="the only commit",
    why="the default branch of `origin`; `--base BRANCH` names another",
)
REPORT = PullRequestReport(
    PROPOSAL,
    (
        Judgement(
            "pr-title",
            "failure",
            "the title has none of the beginnings that it may have",
            ("feat:", "enhance:", "fix:", "test:", "doc:", "build(deps):"),
            ("Fix \x1b[31msearch on an empty segment",),
            STATED,
            "begin it with one of these, such as `fix: search on an empty segment`",
        ),
        Judgement("pr-issue", "skipped", "no issue is asked of this one", stated=".github/mergify.yml:567"),
        Judgement(
            "pr-sign-offs",
            "ok",
            "1 commit has the right sign-off",
            found=("x",),
            stated=".github/mergify.yml:166",
        ),
        Judgement(
            "pr-conflicts",
            "unknown",
            "whether it merges into `origin/master` cannot be told: `git merge-tree` exited with status 128",
            repair="see it by doing it",
            commands=("git fetch origin", "git merge --signoff origin/master"),
        ),
        Judgement(
            "pr-up-to-date", "warning", "`origin/master` has 2 commits that it has not", repair="not needed"
        ),
        Judgement(
            "pr-generated-files",
            "failure",
            "`pkg/a.pb.go` is changed without what a program makes it from",
            ("a change to one of `*.proto`, `go.mod` beside it",),
            ("pkg/a.pb.go",),
            "milvus.toml:449",
            "change what it is made from, then have it made anew",
            ("make generated-proto-without-cpp",),
            "pkg/a.pb.go",
        ),
    ),
    ".github/mergify.yml of origin/master",
    ("`origin/master` is as it was last fetched: `git fetch origin` brings what is new",),
)
CLEAN = replace(
    REPORT, judgements=tuple(each for each in REPORT.judgements if each.severity in ("ok", "skipped"))
)
UNTOLD = replace(
    REPORT,
    proposal=replace(PROPOSAL, title=None, body=None, title_from="", body_from="", branch=""),
    rules_from="",
)


@pytest.mark.parametrize("width", [80, 100])
def test_text_reads_as_reviewed(width: int, request: pytest.FixtureRequest) -> None:
    shown = render(REPORT, "text", width=width)

    assert same_as_golden(
        f"pull-request/broken-{width}.text", shown, request.config.getoption("--refresh-golden")
    )
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_that_was_found_steers_a_terminal(form: str) -> None:
    assert "\x1b" not in render(REPORT, form)


def test_colour_is_never_the_only_carrier() -> None:
    plain, painted = render(REPORT, "text"), render(REPORT, "text", colour=True)

    assert "\x1b[" in painted
    for code in ("1;31", "1;35", "33", "32", "2", "1", "0"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted == plain


def test_text_and_json_say_the_same() -> None:
    shown, data = render(REPORT, "text", width=100), json.loads(render(REPORT, "json"))

    assert data["ok"] is False
    assert "not ready to be opened: 2 failures, 1 unknown, 1 warning, 1 ok" in shown
    assert data["counts"] == {"failure": 2, "unknown": 1, "warning": 1, "ok": 1, "skipped": 1}
    for finding in data["findings"]:
        assert f"[{finding['rule']}]" in shown.replace("\n      ", " ")


def test_a_warning_holds_up_only_where_it_is_to() -> None:
    warned = replace(
        REPORT, judgements=tuple(e for e in REPORT.judgements if e.severity in ("warning", "ok"))
    )

    assert (warned.exit_status, replace(warned, strict=True).exit_status) == (0, 1)
    assert 'failures="0"' in render(warned, "junit")
    assert 'failures="1"' in render(replace(warned, strict=True), "junit")


def test_junit_has_a_case_for_each_rule() -> None:
    tree = ElementTree.fromstring(render(REPORT, "junit"))

    cases = {each.get("name"): [child.tag for child in each] for each in tree.iter("testcase")}
    assert cases == {
        "pr-title": ["failure"],
        "pr-issue": ["skipped"],
        "pr-sign-offs": ["system-out"],
        "pr-conflicts": ["error"],
        "pr-up-to-date": ["system-out"],
        "pr-generated-files": ["failure"],
    }


def test_github_marks_the_file_and_sums_up() -> None:
    lines = render(REPORT, "github").splitlines()

    assert len(lines) == 5
    assert lines[0].startswith("::error title=devtool pr-title::the title has none")
    assert lines[1].startswith("::error file=pkg/a.pb.go,line=1,title=devtool pr-generated-files::")
    assert lines[-1] == "devtool pr: not ready to be opened: 2 failures, 1 unknown, 1 warning, 1 ok"


def test_sarif_points_at_the_file_or_where_the_rule_is_stated() -> None:
    results = json.loads(render(REPORT, "sarif"))["runs"][0]["results"]

    places = {each["ruleId"]: each["locations"][0] for each in results}
    assert places["pr-title"]["physicalLocation"]["region"] == {"startLine": 688}
    assert places["pr-generated-files"]["physicalLocation"]["artifactLocation"] == {"uri": "pkg/a.pb.go"}
    assert places["pr-conflicts"]["logicalLocations"][0]["name"] == "fix-search"
    assert {each["ruleId"]: each["kind"] for each in results}["pr-conflicts"] == "open"
