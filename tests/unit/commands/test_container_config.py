from __future__ import annotations

import json
from typing import Any

import pytest

from devtool.cli import run
from devtool.system import System
from tests.fixtures.container_projects import MILVUS, OTHERS
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system
from tests.support.golden import same_as_golden
from tests.support.process import ABSENT

ROOT = "/home/me/milvus"
ANSWERS = {"docker compose version --short": ended("2.26.1\n"), "docker-compose version --short": ABSENT}


def system(project: dict[str, str], console: FakeConsole, machine: FakeMachine | None = None) -> System:
    files = FakeFiles({f"{ROOT}/{path}": text for path, text in project.items()}, folders=(f"{ROOT}/.git",))
    process = FakeProcess(answers=ANSWERS)
    return fake_system(files=files, process=process, console=console, machine=machine, cwd=ROOT)


@pytest.mark.parametrize(
    ("golden", "project", "arguments", "machine"),
    [
        ("milvus-2026", MILVUS["2026"], [], None),
        ("milvus-2024-on-arm", MILVUS["2024"], [], FakeMachine(uname=("Linux", "6.1.0", "aarch64"))),
        ("milvus-gpu", MILVUS["2026"], ["--gpu", "--os", "ubuntu20.04"], None),
        ("image", OTHERS["image"], [], None),
        ("dockerfile", OTHERS["dockerfile"], [], None),
        ("compose", OTHERS["compose"], [], None),
        ("plain", OTHERS["plain"], [], None),
    ],
)
def test_the_text_reads_well(
    golden: str,
    project: dict[str, str],
    arguments: list[str],
    machine: FakeMachine | None,
    request: pytest.FixtureRequest,
) -> None:
    console = FakeConsole()

    status = run(["container", "config", *arguments], system(project, console, machine))

    assert status == 0
    refresh = request.config.getoption("--refresh-golden")
    assert same_as_golden(f"container-config/{golden}.text", "\n".join(console.results), refresh)


def test_text_and_json_come_from_one_object() -> None:
    console = FakeConsole(width=200)
    here = system(MILVUS["2026"], console)

    run(["container", "config"], here)
    run(["container", "config", "--format", "json"], here)

    text, data = console.results[0], json.loads(console.results[1])
    said: list[dict[str, Any]] = data["settings"]
    for each in said:
        assert each["value"] in text
        assert each["said_by"] in text
    for mount in data["service"]["mounts"]:
        assert mount["target"] in text
    for service in data["services"]:
        assert service["name"] in text


def test_secrets_are_masked_in_both_forms() -> None:
    console = FakeConsole(width=200)
    here = system(MILVUS["2026"], console)

    run(["container", "config"], here)
    run(["container", "config", "--format", "json"], here)

    for form in console.results:
        assert "c2VjcmV0" not in form
        assert "AccountKey=[redacted]" in form
    minio = next(each for each in json.loads(console.results[1])["services"] if each["name"] == "minio")
    assert minio["environment"]["MINIO_SECRET_KEY"] == "[redacted]"


def test_a_variable_without_a_value_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["container", "config", "--set", "OS_NAME"], system(MILVUS["2026"], FakeConsole()))

    assert status == 2
    assert "`OS_NAME` is not NAME=VALUE" in capsys.readouterr().err
