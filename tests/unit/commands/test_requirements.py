from __future__ import annotations

import json

import pytest

from devtool.cli import run
from tests.fixtures.eras import MASTER
from tests.support import FakeConsole, FakeFiles, fake_system

TOOLS = [
    "conan", "python", "go", "cmake", "rust", "gcc", "llvm", "cxx", "ninja", "ccache", "make", "clang-format",
    "golangci-lint", "mockery", "gofumpt", "gci", "docker", "compose", "builder-image",
]  # fmt: skip


def milvus() -> FakeFiles:
    return FakeFiles(
        {f"/checkout/{path}": text for path, text in MASTER.items()}, folders=("/checkout/.git",)
    )


def test_json_has_every_tool_with_the_same_keys_and_nothing_else_on_stdout() -> None:
    console = FakeConsole()

    status = run(["requirements", "--format", "json"], fake_system(files=milvus(), console=console))

    (text,) = console.results
    told = json.loads(text)
    assert status == 0
    assert (told["schema"], told["project"], told["conflicts"]) == (1, "milvus", [])
    assert [r["tool"] for r in told["requirements"]] == TOOLS
    base = {"tool", "specifier", "confidence", "source", "needed", "also", "notes"}
    extra = {r["tool"]: set(r) - base for r in told["requirements"] if set(r) - base}
    assert extra == {
        "rust": {"toolchains"},
        "gcc": {"accepted"},
        "llvm": {"accepted"},
        "cxx": {"standard"},
        "builder-image": {"image"},
    }


def test_text_and_json_name_the_same_sources() -> None:
    console = FakeConsole()
    system = fake_system(files=milvus(), console=console)

    run(["requirements"], system)
    run(["requirements", "--format", "json"], system)

    text, data = console.results
    for requirement in json.loads(data)["requirements"]:
        assert requirement["source"] in text
        assert all(statement["source"] in text for statement in requirement["also"])


def test_statements_that_exclude_each_other_stand_first_and_make_the_status_1() -> None:
    files = milvus()
    files.content["/checkout/docker-compose.yml"] += b"      CONAN_USER_HOME: /home/milvus\n"
    console = FakeConsole()

    status = run(["requirements"], fake_system(files=files, console=console))

    assert status == 1
    assert console.results[0].splitlines()[2].startswith("CONFLICT: inconsistent checkout: ")


def test_a_folder_without_a_known_project_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["requirements"], fake_system(files=FakeFiles({}), cwd="/home/me"))

    told = capsys.readouterr().err
    assert status == 2
    assert "`/home/me` is no checkout whose needs are known" in told
    assert "devtool.toml" in told


def test_a_broken_devtool_toml_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    files = FakeFiles({"/checkout/devtool.toml": "[needs]\ngo = 1\n"})

    status = run(["requirements"], fake_system(files=files))

    assert status == 2
    assert capsys.readouterr().err.splitlines() == [
        "devtool: devtool.toml:2: `needs.go` must be a specifier such as `>=1.22`, or a table"
    ]
