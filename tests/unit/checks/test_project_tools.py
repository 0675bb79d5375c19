from __future__ import annotations

import pytest

from devtool.checks import checks
from devtool.checks.project_tools import PROJECT_TOOL_CHECKS
from devtool.model.command import Answer
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from tests.support import FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

(CHECK,) = PROJECT_TOOL_CHECKS
NODE = need("node", "==20.*", source=".nvmrc:1")
BUF = need("buf", "", source="devtool.toml:3")


def seen(answers: dict[str, Answer], *wanted: Requirement) -> Finding:
    here = {line.split()[0]: f"/usr/bin/{line.split()[0]}" for line in answers if answers[line] is not ABSENT}
    process = FakeProcess(answers, here)
    finding = examined(CHECK, fake_system(process=process), needs(*wanted, project="widget"))
    process.assert_used()
    return finding


def test_tools_that_fit_are_ok_in_one_line() -> None:
    finding = seen({"node --version": ended("v20.11.1\n"), "buf --version": ended("1.30.0\n")}, NODE, BUF)

    assert (finding.severity, finding.summary) == ("ok", "node 20.11.1; buf 1.30.0")


def test_an_absent_tool_is_a_failure_that_names_the_need_and_its_place() -> None:
    finding = seen({"node --version": ABSENT, "buf --version": ended("1.30.0\n")}, NODE, BUF)

    assert finding.severity == "failure"
    assert finding.summary == "node is not on PATH; this checkout needs `==20.*` (.nvmrc:1)"
    assert finding.requirement == NODE
    assert [remedy.summary for remedy in finding.remedies] == ["install node `==20.*`"]


def test_a_tool_that_is_too_old_is_a_failure_with_both_versions() -> None:
    finding = seen({"node --version": ended("v18.2.0\n")}, NODE)

    assert (finding.severity, finding.summary) == (
        "failure",
        "node 18.2.0 does not satisfy `==20.*` (.nvmrc:1)",
    )


@pytest.mark.parametrize("answer", [HANGS, ended("hello\n"), ended("boom", status=3)])
def test_a_tool_that_tells_no_version_is_unknown(answer: Answer) -> None:
    assert seen({"node --version": answer}, NODE).severity == "unknown"


def test_a_tool_of_which_any_version_will_do_need_not_tell_one() -> None:
    finding = seen({"buf --version": ended("unknown flag", status=1)}, BUF)

    assert (finding.severity, finding.summary) == ("ok", "buf is here")


def test_what_is_missing_is_told_before_what_could_not_be_read() -> None:
    finding = seen({"buf --version": ABSENT, "node --version": HANGS}, NODE, BUF)

    assert finding.severity == "failure"
    assert finding.summary == "buf is not on PATH; `node --version` did not answer within 5 s"


def test_each_tool_is_asked_in_its_own_words() -> None:
    finding = seen(
        {"kubectl version --client": ended("Client Version: v1.29.1\n")},
        need("kubectl", ">=1.28", source="devtool.toml:2"),
    )

    assert finding.severity == "ok"


def test_a_lint_tool_is_looked_for_on_path_unless_the_makefile_pins_it() -> None:
    stated = needs(need("gci", ">=1", source="devtool.toml:2"), project="widget")
    pinned = needs(need("gci", "==0.11.2", source="Makefile:76"))

    assert [
        check.id for check in checks() if check.id in ("gci", CHECK.id) and check.applies(LINUX, stated)
    ] == [CHECK.id]
    assert [
        check.id for check in checks() if check.id in ("gci", CHECK.id) and check.applies(LINUX, pinned)
    ] == ["gci"]


def test_a_version_of_git_that_a_project_states_is_held() -> None:
    finding = seen(
        {"git --version": ended("git version 2.39.5\n")}, need("git", ">=2.40", source="devtool.toml:2")
    )

    assert finding.summary == "git 2.39.5 does not satisfy `>=2.40` (devtool.toml:2)"


def test_a_project_without_further_tools_is_not_asked() -> None:
    assert not CHECK.applies(LINUX, needs(need("go", ">=1.22"), need("cxx", "==17")))
    assert not CHECK.applies(LINUX, needs(project=None))


@pytest.mark.parametrize("name", ["reboot", "poweroff", "init"])
def test_a_program_that_acts_at_once_is_never_started(name: str) -> None:
    assert seen({}, need(name, ">=1", source="devtool.toml:3")).severity == "unknown"
