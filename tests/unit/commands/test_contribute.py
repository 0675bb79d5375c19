"""Where to help: the list, and how it is shown."""

from __future__ import annotations

import pytest

from devtool.cli import run
from devtool.errors import InputError
from devtool.model.contribution import SKILLS
from devtool.workflows.offering import offer
from tests.support import FakeConsole, fake_system
from tests.support.golden import same_as_golden


def test_every_skill_has_its_name_and_a_project() -> None:
    assert tuple(offer(None).skills) == SKILLS
    for skill in SKILLS:
        assert offer(skill).projects, skill


def test_every_project_is_listed_once_and_needs_known_skills() -> None:
    projects = offer(None).projects

    names = [each.repository for each in projects]
    assert len(set(names)) == len(names)
    assert {skill for each in projects for skill in each.skills} == set(SKILLS)
    for each in projects:
        assert each.guide.startswith(f"{each.url}/blob/HEAD/"), each.repository
        assert each.issues.startswith(f"{each.url}/issues"), each.repository


def test_those_that_need_a_skill_most_come_first() -> None:
    shown = [each.skills.index("go") for each in offer("go").projects]

    assert shown == sorted(shown)
    assert offer("go").projects[0].repository == "milvus-io/milvus"


def test_a_skill_of_no_list_is_bad_input() -> None:
    with pytest.raises(InputError, match="`cobol` is no skill of the list"):
        offer("cobol")
    assert run(["contribute", "--skill", "cobol"], fake_system()) == 2


@pytest.mark.parametrize("width", [80, 100])
def test_text_reads_as_reviewed(width: int, request: pytest.FixtureRequest) -> None:
    console = FakeConsole(width=width)

    assert run(["contribute", "--skill", "kubernetes"], fake_system(console=console)) == 0

    refresh = request.config.getoption("--refresh-golden")
    assert same_as_golden(f"contribute/kubernetes-{width}.text", console.results[0], refresh)
