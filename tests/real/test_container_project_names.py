"""Names of projects: ours held against what Compose and the reference command make of a folder."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.adapters.compose.generation import choose, installed
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.system import System, real_system
from devtool.system.process import RealProcess
from devtool.workflows.containers.configuring import blueprint
from tests.support.engine import Command, Compose, docker, forget

pytestmark = pytest.mark.real
_CODE = '{"dockerComposeFile": "@FILE@", "service": "dev", "workspaceFolder": "/w"}'
_COMPOSE = "version: '3.5'\nservices:\n  dev: {image: '@IMAGE@', volumes: ['@ABOVE@:/w'], init: true}\n"
LAYOUTS: dict[str, dict[str, str]] = {
    "beside": {
        ".devcontainer.json": _CODE.replace("@FILE@", "docker-compose.yml"),
        "docker-compose.yml": ".",
    },
    "below": {
        ".devcontainer/devcontainer.json": _CODE.replace("@FILE@", "docker-compose.yml"),
        ".devcontainer/docker-compose.yml": "..",
    },
    "elsewhere": {
        ".devcontainer.json": _CODE.replace("@FILE@", "docker/docker-compose.yml"),
        "docker/docker-compose.yml": "..",
    },
    "by-variable": {
        ".devcontainer.json": _CODE.replace("@FILE@", "docker-compose.yml"),
        "docker-compose.yml": ".",
        ".env": "COMPOSE_PROJECT_NAME=@NAME@-said\n",
    },
}


@pytest.fixture
def folder(tmp_path: Path, engine: str) -> Iterator[Path]:
    path = tmp_path / f"names.Of_{uuid.uuid4().hex[:8]}"
    path.mkdir()
    yield path
    forget(path)
    for each in docker("ps", "-aq", "--filter", f"volume={path}").split():
        docker("rm", "-f", "-v", each)
    plain = path.name.lower().replace(".", "")
    for name in docker("network", "ls", "-q", "--filter", f"name={plain}").split():
        docker("network", "rm", name)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_vs_codes_command_calls_the_project_as_we_do(
    layout: str, folder: Path, busybox: str, compose: Compose, devcontainer: Command
) -> None:
    _write(folder, LAYOUTS[layout], busybox)
    ours = blueprint(_system(folder, compose))

    devcontainer("up", "--workspace-folder", str(folder), cwd=folder, env=compose.env)

    found = docker("ps", "-q", "--filter", f"label=com.docker.compose.project={ours.project}").split()
    assert len(found) == 1
    said = docker("inspect", "-f", '{{index .Config.Labels "devcontainer.config_file"}}', found[0])
    assert said == ours.devcontainer_file


@pytest.mark.parametrize("name", ["_Work.Tree-1", "Milvus", "-odd"])
def test_compose_calls_the_project_as_we_do(name: str, folder: Path, busybox: str, compose: Compose) -> None:
    inner = folder / name
    inner.mkdir()
    (inner / "docker-compose.yml").write_text(_filled(".", busybox))
    unique = f"-{folder.name[-8:]}"
    inner = inner.rename(folder / f"{name}{unique}")

    compose("up", "-d", cwd=inner)

    project = blueprint(_system(inner, compose)).project
    label = '{{index .Config.Labels "com.docker.compose.project"}}'
    found = docker("ps", "-aq", "--filter", f"volume={inner}").split()
    assert [docker("inspect", "-f", label, each) for each in found] == [project]
    compose("down", cwd=inner)


def _write(folder: Path, files: Mapping[str, str], image: str) -> None:
    (folder / ".git").mkdir()
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        made = _filled(text, image) if path.endswith(".yml") else text
        (folder / path).write_text(made.replace("@NAME@", folder.name.lower().replace(".", "")))


def _filled(above: str, image: str) -> str:
    return _COMPOSE.replace("@IMAGE@", image).replace("@ABOVE@", above)


def _system(folder: Path, compose: Compose) -> System:
    """A system that sees this Compose only."""
    env = {**compose.env, "XDG_CACHE_HOME": str(folder.parent / "cache")}
    assert os.environ.get("COMPOSE_PROJECT_NAME") is None
    return replace(real_system(str(folder)), env=env, process=RealProcess(env))


def test_a_compose_is_known_by_asking_whatever_its_file_is_called(folder: Path, compose: Compose) -> None:
    found = installed(_system(folder, compose))

    assert (compose.words, compose.major) in [(each.argv, each.major) for each in found]


def test_containers_keep_the_generation_that_made_them(folder: Path, busybox: str, compose: Compose) -> None:
    (folder / "docker-compose.yml").write_text(_filled(".", busybox))
    compose("up", "-d", cwd=folder)
    here = _system(folder, compose)
    label = '{{index .Config.Labels "com.docker.compose.version"}}'
    made_by = docker("inspect", "-f", label, docker("ps", "-aq", "--filter", f"volume={folder}"))

    chosen = choose(here, made_by)

    assert chosen.major == compose.major
    with pytest.raises(DevtoolError, match=r"only Compose .* is installed, which would make them all anew"):
        choose(
            replace(here, process=_Only(compose, here), env={"XDG_CACHE_HOME": str(folder)}),
            "2.0.0" if compose.major == 1 else "1.0.0",
        )
    compose("down", cwd=folder)


class _Only:
    """The process door of a machine where nothing else answers to `version`."""

    def __init__(self, compose: Compose, system: System) -> None:
        self.compose, self.process = compose, system.process

    def which_all(self, name: str) -> list[str]:
        return []

    def run(self, argv: list[str], **more: object) -> Answer:
        if tuple(argv[: len(self.compose.words)]) == self.compose.words:
            return self.process.run(argv, cwd="/")
        return Answer(tuple(argv), "absent")
