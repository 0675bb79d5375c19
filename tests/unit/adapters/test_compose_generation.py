from __future__ import annotations

import pytest

from devtool.adapters.compose.generation import Compose, choose, installed
from devtool.errors import DevtoolError
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.process import ABSENT, HANGS

PLUGIN, PROGRAM = "docker compose version --short", "docker-compose version --short"
NO_PLUGIN = ended("", "unknown flag: --short\n", status=125)
PROGRAMS = {"docker": "/usr/bin/docker", "docker-compose": "/usr/bin/docker-compose"}
FIRST = Compose(("docker-compose",), "1.29.2", 1)
LATER = Compose(("docker", "compose"), "2.26.1", 2)
BOTH = {PLUGIN: ended("2.26.1\n"), PROGRAM: ended("1.29.2\n")}


@pytest.mark.parametrize(
    ("said", "version", "major"),
    [("1.29.2\n", "1.29.2", 1), ("v2.3.3\n", "2.3.3", 2), ("2.20.2+ds1-0ubuntu1\n", "2.20.2+ds1-0ubuntu1", 2),
     ("5.6.1\n", "5.6.1", 5)],
)  # fmt: skip
def test_a_program_called_docker_compose_is_known_by_its_answer(said: str, version: str, major: int) -> None:
    process = FakeProcess(answers={PLUGIN: NO_PLUGIN, PROGRAM: ended(said)})

    assert installed(fake_system(process=process)) == (Compose(("docker-compose",), version, major),)
    process.assert_used()


def test_the_plugin_comes_first_as_with_vs_code() -> None:
    process = FakeProcess(answers=BOTH)

    assert installed(fake_system(process=process)) == (LATER, FIRST)


@pytest.mark.parametrize(
    "answer",
    [
        NO_PLUGIN,
        ended("", "docker: 'compose' is not a docker command.\n", status=1),
        ended("", "docker: unknown command: docker compose\n", status=1),
        ended("Docker Compose version unknown\n"),
        ABSENT,
    ],
)
def test_what_gives_no_version_is_no_compose(answer: object) -> None:
    process = FakeProcess(answers={PLUGIN: answer, PROGRAM: ABSENT})

    with pytest.raises(DevtoolError) as raised:
        choose(fake_system(process=process))

    assert raised.value.message.startswith("Docker Compose is not installed")
    assert raised.value.exit_status == 1


@pytest.mark.parametrize(
    ("made_by", "chosen"),
    [(None, LATER), ("1.29.2", FIRST), ("1.25.0", FIRST), ("2.26.1", LATER), ("5.6.1", LATER)],
)
def test_the_generation_that_made_the_containers_goes_on(made_by: str | None, chosen: Compose) -> None:
    assert choose(fake_system(process=FakeProcess(answers=BOTH)), made_by) == chosen


def test_of_later_ones_the_same_major_goes_on() -> None:
    answers = {PLUGIN: ended("5.6.1\n"), PROGRAM: ended("2.26.1\n")}

    chosen = choose(fake_system(process=FakeProcess(answers=answers)), "2.20.0")

    assert chosen == Compose(("docker-compose",), "2.26.1", 2)


def test_a_generation_that_is_gone_is_named_with_the_cure() -> None:
    process = FakeProcess(answers={PLUGIN: ended("2.26.1\n"), PROGRAM: ABSENT})

    with pytest.raises(DevtoolError) as raised:
        choose(fake_system(process=process), "1.29.2")

    assert raised.value.message == (
        "Compose 1.29.2 made this project's containers, and only Compose 2.26.1 (`docker compose`)"
        " is installed, which would make them all anew"
    )
    assert raised.value.hint == (
        "install Compose 1, or remove them by `devtool container down` and start afresh"
    )


def test_the_answers_are_remembered_while_the_programs_are_the_same_files() -> None:
    files = FakeFiles(executables=dict.fromkeys(PROGRAMS.values(), "old"))
    process = FakeProcess(answers=BOTH, programs=PROGRAMS)
    first = installed(fake_system(process=process, files=files))

    again = installed(fake_system(process=FakeProcess(programs=PROGRAMS), files=files))

    assert again == first


@pytest.mark.parametrize(
    "path",
    [
        "/usr/bin/docker-compose",
        "/home/me/.docker/cli-plugins/docker-compose",
        "/usr/libexec/docker/cli-plugins/docker-compose",
        "/home/me/.docker/config.json",
    ],
)
def test_a_change_of_what_they_rest_on_is_noticed(path: str) -> None:
    files = FakeFiles(executables=dict.fromkeys(PROGRAMS.values(), "old"))
    installed(fake_system(process=FakeProcess(answers=BOTH, programs=PROGRAMS), files=files))

    files.content[path] = b"{}"
    answers = {PLUGIN: ended("5.6.1\n"), PROGRAM: ABSENT}
    again = installed(fake_system(process=FakeProcess(answers=answers, programs=PROGRAMS), files=files))

    assert again == (Compose(("docker", "compose"), "5.6.1", 5),)


def test_one_that_did_not_answer_in_time_is_asked_again() -> None:
    files = FakeFiles()
    installed(fake_system(process=FakeProcess(answers={PLUGIN: HANGS, PROGRAM: ABSENT}), files=files))

    assert installed(fake_system(process=FakeProcess(answers=BOTH), files=files)) == (LATER, FIRST)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"key": 1}', '{"found": [{"argv": ["rm", "-rf"]}]}'])
def test_a_broken_memory_is_asked_over(content: str) -> None:
    files = FakeFiles({"/home/me/.cache/devtool/compose.json": content})

    assert installed(fake_system(process=FakeProcess(answers=BOTH), files=files)) == (LATER, FIRST)
