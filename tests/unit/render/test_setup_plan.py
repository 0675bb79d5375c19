"""A setup plan told to a person, a program and a shell."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from devtool.model.mirrors import Mirror
from devtool.model.packages import InstallPackages
from devtool.model.remedy import AppendLine, Plan, Remedy, RunCommand, Step
from devtool.model.report import Finding
from devtool.model.setup import Setup
from devtool.render.setup import render_setup
from tests.support.samples import report

SCHEMA = Path(__file__).parents[2] / "contract" / "schemas" / "setup.json"
STEPS = (
    Step(
        InstallPackages("apt-get", ("gcc", "g++"), ("gcc",), True, True, ("g++",), (), 43 * 10**6), ("gcc",)
    ),
    Step(RunCommand(("rustup", "toolchain", "install", "1.89"), "the build calls `cargo +1.89`"), ("rust",)),
    Step(AppendLine("/home/me/.bashrc", "export A=1", "new shells find it"), ("conan", "go")),
)
DISK = Finding("disk", "failure", "3 GiB free, 50 GiB needed", remedies=(Remedy("free some space"),))
SETUP = Setup(report(Finding("gcc", "failure", "no gcc"), DISK), Plan(STEPS))
READY = Setup(report(Finding("gcc", "ok", "gcc 12")), Plan(()))


def test_a_person_reads_each_step_with_its_reason_its_command_and_its_way_back() -> None:
    assert render_setup(SETUP, "text", 80).splitlines() == [
        "milvus in /checkout",
        "",
        "1. gcc: install gcc with apt-get",
        "   sudo sh -c 'apt-get update && apt-get install -y gcc g++'",
        "   needs root, downloads 41 MiB",
        "",
        "2. rust: the build calls `cargo +1.89`",
        "   rustup toolchain install 1.89",
        "   `devtool undo` cannot take it back",
        "",
        "3. conan, go: new shells find it",
        "   add `export A=1` to `/home/me/.bashrc`, once",
        "",
        "left to you: disk: 3 GiB free, 50 GiB needed",
        "   cure: free some space",
        "",
        "3 steps; `devtool undo` takes 2 of them back",
    ]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (STEPS[:1], "1 step; `devtool undo` takes it back"),
        (STEPS[1:2], "1 step"),
        ((STEPS[0], STEPS[2]), "2 steps; `devtool undo` takes them back"),
    ],
)
def test_what_is_taken_back_is_said_once_for_all(steps: tuple[Step, ...], said: str) -> None:
    assert render_setup(Setup(SETUP.report, Plan(steps)), "text").splitlines()[-1] == said


def test_nothing_to_do_is_said() -> None:
    assert render_setup(READY, "text").splitlines() == ["milvus in /checkout", "", "nothing to do"]


@pytest.mark.parametrize("setup", [SETUP, READY])
def test_a_program_reads_the_same_steps(setup: Setup) -> None:
    data = json.loads(render_setup(setup, "json"))

    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert [each["reason"] for each in data["steps"]] == [step.action.reason for step in setup.plan.steps]
    assert [each["id"] for each in data["left"]] == [finding.id for finding in setup.left]


@pytest.mark.parametrize("setup", [SETUP, READY])
def test_the_script_is_one_that_a_shell_takes(setup: Setup) -> None:
    script = render_setup(setup, "shell")

    checked = subprocess.run(["sh", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")
    assert script.startswith("#!/bin/sh\n# What `devtool setup` would do for milvus in /checkout.\nset -eu\n")
    assert all(step.action.preview in script for step in setup.plan.steps)
    assert script.count("# downloads 41 MiB\n") == len(setup.plan.steps[:1])


def test_the_script_goes_no_further_where_the_first_of_several_commands_fails(tmp_path: Path) -> None:
    failing = InstallPackages("apt-get", ("gcc",), ("gcc",), False, before=(("false",),))
    after = RunCommand(("touch", "after"), "it comes after that")
    script = render_setup(Setup(READY.report, Plan((Step(failing), Step(after)))), "shell")

    answer = subprocess.run(["sh"], input=script, cwd=tmp_path, text=True, check=False)

    assert (answer.returncode, list(tmp_path.iterdir())) == (1, [])


def test_what_was_found_stands_in_the_place_of_the_reason() -> None:
    found = ("gcc 9.4 does not satisfy `>=12` (DEVELOPMENT.md:83)", "make is not on PATH")
    setup = Setup(SETUP.report, Plan((replace(STEPS[0], found=found),)))

    assert render_setup(setup, "text", 80).splitlines()[2:5] == [
        "1. gcc 9.4 does not satisfy `>=12` (DEVELOPMENT.md:83)",
        "   make is not on PATH",
        "   sudo sh -c 'apt-get update && apt-get install -y gcc g++'",
    ]
    assert "\n# gcc 9.4 does not satisfy `>=12` (DEVELOPMENT.md:83)\n" in render_setup(setup, "shell")
    assert json.loads(render_setup(setup, "json"))["steps"][0]["found"] == list(found)


def test_a_line_end_in_a_path_runs_nothing(tmp_path: Path) -> None:
    odd = AppendLine(f"{tmp_path}/a\ntouch {tmp_path}/run #/.bashrc", "export A=1", "new\nshells")
    script = render_setup(Setup(READY.report, Plan((Step(odd),))), "shell")

    subprocess.run(["sh"], input=script, text=True, check=True)

    assert not (tmp_path / "run").exists()


def test_a_script_without_a_step_says_that_something_is_left_to_the_person() -> None:
    script = render_setup(Setup(report(DISK), Plan(())), "shell")

    assert "\necho 'nothing that devtool could do by itself'\n" in script


def test_only_what_no_step_cures_is_left_to_the_person() -> None:
    assert [each.id for each in SETUP.left] == ["disk"]


MIRRORS = (
    Mirror("pypi", "https://me:hunter22@mirror.example/simple", "--mirror"),
    Mirror("conan", "https://mirror.example/conan", "devtool.toml:3"),
)


def test_the_plan_says_which_mirrors_hold_who_named_them_and_no_login() -> None:
    setup = Setup(SETUP.report, SETUP.plan, MIRRORS)

    text, data, script = (render_setup(setup, form) for form in ("text", "json", "shell"))

    assert text.splitlines()[:3] == [
        "milvus in /checkout",
        "pypi: Python packages from https://mirror.example/simple (`--mirror`)",
        "conan: Conan packages from https://mirror.example/conan (`devtool.toml:3`);"
        " for builds, which `devtool env` tells",
    ]
    jsonschema.validate(json.loads(data), json.loads(SCHEMA.read_text()))
    assert json.loads(data)["mirrors"] == [
        {"kind": "pypi", "url": "https://mirror.example/simple", "source": "--mirror", "used": True},
        {"kind": "conan", "url": "https://mirror.example/conan", "source": "devtool.toml:3", "used": False},
    ]
    assert "export UV_DEFAULT_INDEX=https://mirror.example/simple\n" in script
    assert "add its login yourself" in script
    assert "hunter22" not in text + data + script


def test_a_script_that_names_mirrors_is_one_that_a_shell_reads(tmp_path: Path) -> None:
    odd = Mirror("go", "https://mirror.example/a'b$(touch x)", "--mirror")
    script = render_setup(Setup(READY.report, READY.plan, (odd,)), "shell")

    answer = subprocess.run(
        ["sh", "-c", f'{script}\nprintf %s "$GO_DOWNLOAD_BASE_URL"'],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert answer.stdout == "nothing to do\nhttps://mirror.example/a'b$(touch x)"
    assert list(tmp_path.iterdir()) == []
