"""A setup plan told to a person, a program and a shell."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from devtool.model.packages import InstallPackages
from devtool.model.remedy import AppendLine, Plan, Remedy, RunCommand, Step
from devtool.model.report import Finding
from devtool.model.setup import Setup
from devtool.render.setup import render_setup
from tests.support.samples import report

SCHEMA = Path(__file__).parents[2] / "contract" / "schemas" / "setup.json"
STEPS = (
    Step(InstallPackages("apt-get", ("gcc", "g++"), ("gcc",), True, True, ("g++",)), ("gcc",)),
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
        "   needs root, `devtool undo` takes it back",
        "",
        "2. rust: the build calls `cargo +1.89`",
        "   rustup toolchain install 1.89",
        "   `devtool undo` cannot take it back",
        "",
        "3. conan, go: new shells find it",
        "   add `export A=1` to `/home/me/.bashrc`, once",
        "   `devtool undo` takes it back",
        "",
        "left to you: disk: 3 GiB free, 50 GiB needed",
        "   cure: free some space",
        "",
        "3 steps",
    ]


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


def test_only_what_no_step_cures_is_left_to_the_person() -> None:
    assert [each.id for each in SETUP.left] == ["disk"]
