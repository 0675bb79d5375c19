from __future__ import annotations

from dataclasses import replace

from devtool.model.deployment import Deployment
from devtool.model.report import Report
from devtool.model.requirement import Needs
from devtool.workflows.advising import advise
from tests.support import FakeFiles, fake_system
from tests.support.samples import CMAKE_FINE, CONAN_WRONG, GIT_BUFFER, GO_HUNG, LINUX, MILVUS, report

RUNNING = Deployment("default", "embedded", "running", "http://127.0.0.1:19530", None, "/d", "/l", 7, "2.3.5")
OWN = 'name = "sample"\n\n[commands]\nbuild = ["cargo build"]\n'


def commands(found: Report, running: Deployment | None = None, files: FakeFiles | None = None) -> list[str]:
    advice = advise(fake_system(files=files or FakeFiles()), found, running)
    assert len(advice) == 3
    return [each.command for each in advice]


def test_a_machine_that_is_not_ready_is_cured_first() -> None:
    repairable = replace(CONAN_WRONG, remedies=GIT_BUFFER.remedies)

    assert commands(report(CONAN_WRONG, GO_HUNG))[0] == "devtool doctor"
    assert commands(report(repairable))[0] == "devtool doctor --fix"


def test_what_a_repair_leaves_over_is_said_beside_it() -> None:
    repairable = replace(CONAN_WRONG, remedies=GIT_BUFFER.remedies)

    advice = advise(fake_system(), report(repairable, GO_HUNG), None)

    assert advice[0].reason == "repairs conan and says how to cure go"


def test_a_ready_machine_builds_with_the_projects_own_command() -> None:
    files = FakeFiles({"/checkout/devtool.toml": OWN})
    needs = Needs(project="sample", root="/checkout")

    found = Report(LINUX, needs, (CMAKE_FINE,))

    assert commands(found, files=files)[0] == "cargo build"


def test_a_server_left_running_comes_with_the_way_to_end_it() -> None:
    assert "devtool deploy down" in commands(report(CONAN_WRONG), RUNNING)
    assert "devtool deploy up" in commands(report(CONAN_WRONG))


def test_without_a_checkout_the_first_thing_is_to_get_one() -> None:
    found = Report(LINUX, Needs(None, None), (CMAKE_FINE,))

    assert commands(found)[0] == "git clone https://github.com/milvus-io/milvus"


def test_a_milvus_contributor_is_shown_first_issues() -> None:
    assert commands(Report(LINUX, MILVUS, (CONAN_WRONG,)))[2].startswith(
        "https://github.com/milvus-io/milvus/issues"
    )
