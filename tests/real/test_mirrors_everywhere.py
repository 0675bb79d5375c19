"""Every command that installs fetches from the mirrors that a checkout's `devtool.toml` names."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.system import System, real_system
from tests.support.console import FakeConsole
from tests.support.web import Web, serving

pytestmark = pytest.mark.real

GO = "https://mirror.example/golang"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    (folder / "go.mod").write_text("module github.com/milvus-io/milvus\n\ngo 1.26.5\n")
    (folder / "internal/core").mkdir(parents=True)
    (folder / "internal/core/CMakeLists.txt").write_text("")
    return folder


def machine(home: str, checkout: Path, path: str = "/nonexistent") -> System:
    env = {"HOME": home, "PATH": path, "no_proxy": "127.0.0.1", "PIP_RETRIES": "0"}
    system = real_system(str(checkout))
    return replace(system, env=env, process=type(system.process)(env), console=FakeConsole())


def said(system: System) -> str:
    assert isinstance(system.console, FakeConsole)
    return "\n".join([*system.console.notes, *system.console.results])


@pytest.mark.parametrize(
    "words",
    [
        ["setup", "--dry-run", "--only", "go"],
        ["doctor", "--fix", "--dry-run", "--only", "go"],
        ["onboard", "--dry-run"],
    ],
    ids=lambda words: words[0],
)
def test_a_plan_says_and_uses_the_mirror_of_the_checkout(home: str, checkout: Path, words: list[str]) -> None:
    (checkout / "devtool.toml").write_text(f'[mirrors]\ngo = "{GO}"\n')
    system = machine(home, checkout)

    run(words, system)

    shell = machine(home, checkout)
    run(["setup", "--dry-run", "--only", "go", "--format", "shell"], shell)
    plan = said(system) if words[0] != "setup" else said(shell)
    assert f"go: Go itself from {GO} (`devtool.toml:2`)" in said(system)
    assert f"{GO}/go1.26.5." in plan


def test_what_a_server_needs_comes_from_the_mirror_of_the_checkout(home: str, checkout: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).resolve().parent), "/usr/bin", "/bin"])
    with serving(Web()) as web:
        (checkout / "devtool.toml").write_text(f'[mirrors]\npypi = "{web.url("/simple")}"\n')

        status = run(["deploy", "up", "--mode", "lite"], machine(home, checkout, path))

    assert status == 1
    assert any(path.startswith("/simple/") for path, _ in web.requests)


def test_a_broken_file_of_a_persons_own_stops_every_command_with_its_place(
    home: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path(home, ".config/devtool/mirrors.toml")
    own.parent.mkdir(parents=True)
    own.write_text('pypi = "ftp://mirror.example"\n')

    assert [run(words, machine(home, checkout)) for words in (["setup"], ["doctor", "--fix"], ["env"])] == [
        2
    ] * 3

    assert capsys.readouterr().err.count(f"{own}:1: `pypi` must be an http or https address") == 3
