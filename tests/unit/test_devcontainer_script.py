"""`scripts/devcontainer`: which command of devtool each word stands for, and the status it leaves with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/devcontainer"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The script beside a devtool that tells what it was asked, in a path with a blank."""
    folder = tmp_path / "a checkout/scripts"
    folder.mkdir(parents=True)
    shutil.copy(SCRIPT, folder)
    stand_in = folder / "devtool"
    stand_in.write_text('#!/bin/sh\necho "$PWD: $*"\nexit "${STATUS:-0}"\n')
    stand_in.chmod(0o755)
    return folder


def run(
    script: Path, cwd: Path, *words: str, status: int = 0, env: dict[str, str] | None = None
) -> tuple[str, str]:
    answer = subprocess.run(
        [str(script), *words],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == status
    return answer.stdout, answer.stderr


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("up", "container up --with all"),
        ("up --recreate", "container up --with all --recreate"),
        ("build", "container up --build"),
        ("down", "container down"),
        ("down --volumes", "container down --volumes"),
        ("gpu up", "container up --gpu --with all"),
        ("gpu build", "container up --gpu --build"),
        ("gpu down", "container down --gpu"),
        ("", "container config"),
        ("gpu", "container config --gpu"),
    ],
)
def test_each_word_stands_for_a_command_in_the_folder_it_is_called_in(
    words: str, asked: str, scripts: Path, tmp_path: Path
) -> None:
    assert run(scripts / "devcontainer", tmp_path, *words.split()) == (f"{tmp_path}: {asked}\n", "")


def test_a_failure_is_its_own_failure(scripts: Path, tmp_path: Path) -> None:
    run(scripts / "devcontainer", tmp_path, "up", status=37, env={"STATUS": "37"})


def test_it_is_found_through_links(scripts: Path, tmp_path: Path) -> None:
    (tmp_path / "near").symlink_to(scripts / "devcontainer")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/far").symlink_to("../near")

    assert run(tmp_path / "bin/far", tmp_path, "down") == (f"{tmp_path}: container down\n", "")


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_a_result(word: str, scripts: Path, tmp_path: Path) -> None:
    said, complaints = run(scripts / "devcontainer", tmp_path, word)

    assert said.startswith("Usage: scripts/devcontainer [gpu] up|build|down")
    assert complaints == ""


def test_an_unknown_word_is_bad_usage(scripts: Path, tmp_path: Path) -> None:
    said, complaints = run(scripts / "devcontainer", tmp_path, "upp", status=2)

    assert said == ""
    assert complaints.startswith("Usage: scripts/devcontainer")
