"""The way into a dev container: kept while nothing changed, found anew where something did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from devtool.errors import InputError
from devtool.model.container import Blueprint, Service
from devtool.system import System, real_system
from devtool.workflows.containers.entering import _inside, _variables
from devtool.workflows.containers.entrances import Entrance, recall, remember


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "docker-compose.yml").write_text("services: {}\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "OS_NAME", "COMPOSE_PROJECT_NAME"):
        monkeypatch.delenv(name, raising=False)
    return real_system(str(checkout))


def blueprint(system: System) -> Blueprint:
    files = (f"{system.cwd}/docker-compose.yml",)
    absent = (f"{system.cwd}/{name}" for name in (".env", ".devcontainer.json", "devtool.toml"))
    return Blueprint(
        system.files.real(system.cwd),
        "p",
        Service("dev", "i"),
        compose_files=files,
        rests_on=(*files, *absent),
        asked=("OS_NAME", "COMPOSE_PROJECT_NAME"),
    )


def entrance(system: System) -> Entrance:
    return Entrance(system.files.real(system.cwd), "abc", "1000:1000", "/work", {"HOME": "/home/p"})


def changed(system: System, **env: str) -> System:
    return replace(system, env={**system.env, **env})


def test_what_was_remembered_is_recalled_while_nothing_changes(system: System) -> None:
    remember(system, entrance(system), blueprint(system))

    assert recall(system) == entrance(system)


def test_nothing_is_recalled_from_a_folder_where_nobody_was(system: System) -> None:
    assert recall(system) is None


@pytest.mark.parametrize("name", ["docker-compose.yml", ".env", ".devcontainer.json", "devtool.toml"])
def test_a_file_that_changed_or_came_makes_it_unknown(system: System, name: str) -> None:
    remember(system, entrance(system), blueprint(system))

    Path(system.cwd, name).write_text("A=1\n# other\n")

    assert recall(system) is None


@pytest.mark.parametrize("name", ["OS_NAME", "DOCKER_HOST", "DOCKER_CONTEXT", "COMPOSE_PROJECT_NAME"])
def test_a_variable_that_has_a_say_makes_it_unknown(system: System, name: str) -> None:
    remember(system, entrance(system), blueprint(system))

    assert recall(changed(system, **{name: "other"})) is None


def test_a_variable_that_has_no_say_changes_nothing(system: System) -> None:
    remember(system, entrance(system), blueprint(system))

    assert recall(changed(system, EDITOR="vi")) == entrance(system)


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"schema": 0}', '{"schema": 1}'])
def test_a_damaged_memory_is_none(system: System, content: str) -> None:
    remember(system, entrance(system), blueprint(system))
    kept = next(Path(system.directories.state).rglob("entrance.json"))

    kept.write_text(content)

    assert recall(system) is None


def test_what_is_kept_is_the_persons_alone(system: System) -> None:
    remember(system, entrance(system), blueprint(system))

    kept = next(Path(system.directories.state).rglob("entrance.json"))

    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("below", "inside"), [("", "/work"), ("src/core", "/work/src/core"), ("..", "/work")]
)
def test_the_folder_inside_is_the_one_we_are_in(system: System, below: str, inside: str) -> None:
    folder = Path(system.cwd, below)
    folder.mkdir(parents=True, exist_ok=True)

    assert _inside(replace(system, cwd=str(folder.resolve())), entrance(system)) == inside


def test_variables_are_given_ours_taken_and_absent_ones_left_out(system: System) -> None:
    found = _variables(changed(system, MINE="1"), ["A=b=c", "MINE", "ABSENT", "EMPTY="])

    assert found == {"A": "b=c", "MINE": "1", "EMPTY": ""}


def test_a_value_without_a_name_is_refused(system: System) -> None:
    with pytest.raises(InputError, match="names no variable"):
        _variables(system, ["=x"])
