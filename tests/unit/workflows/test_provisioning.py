"""`devtool setup`: what it plans, does, leaves, and how it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.cli import run
from devtool.model.mirrors import Mirror
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Action, AppendLine, Plan, Remedy, RunCommand, Step
from devtool.model.report import Finding
from devtool.model.setup import Setup
from devtool.system import System
from devtool.workflows.examination import Selection
from devtool.workflows.provisioning import provision
from devtool.workflows.repairing import plan_for, repair
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system
from tests.support.samples import report

LINE = AppendLine("/home/me/.bashrc", "export A=1", "why")
GCC = InstallPackages("apt-get", ("gcc",), ("gcc",), True, False, ("gcc",))
RUST = RunCommand(("rustup", "toolchain", "install", "1.89"), "the build calls it")


def red(name: str, action: Action) -> Finding:
    return Finding(name, "failure", f"no {name}", remedies=(Remedy("", (action,)),))


def machine(process: FakeProcess | None = None, **console: object) -> System:
    return fake_system(
        console=FakeConsole(**console),
        process=process or FakeProcess(programs={"sudo": "/usr/bin/sudo"}),
        machine=FakeMachine(root=False),
    )


def test_what_the_distribution_gives_comes_before_what_may_need_it() -> None:
    plan = plan_for(machine(), report(red("rust", RUST), red("gcc", GCC)))

    assert plan.actions == (GCC, RUST)


def test_without_root_the_rest_is_done_and_the_commands_are_shown() -> None:
    system = machine(interactive=True, answers=[True])
    first = report(red("gcc", GCC), red("line", LINE))
    after = report(red("gcc", GCC), Finding("line", "ok", "there"))

    result = repair(system, first, examine=lambda: after, yes=False, dry_run=False, no_root=True)

    assert result is after
    assert system.files.read_text("/home/me/.bashrc") == "export A=1\n"
    console = system.console
    assert isinstance(console, FakeConsole)
    assert "these need root and are left to you:" in console.notes
    assert "   sudo apt-get install -y gcc" in console.notes


@pytest.mark.parametrize("yes", [True, False])
def test_without_a_terminal_nothing_asks_for_root(yes: bool) -> None:
    system = machine()
    first = report(red("gcc", GCC))

    result = provision(system, Setup(first, plan_for(system, first)), Selection(), yes=yes, no_root=False)

    assert (result, result.exit_status) == (first, 1)


def test_a_machine_that_is_ready_is_left_alone() -> None:
    system = machine(interactive=True)
    ready = report(Finding("gcc", "ok", "gcc 12"))

    assert (
        provision(system, Setup(ready, plan_for(system, ready)), Selection(), yes=True, no_root=False)
        is ready
    )


def test_root_is_asked_for_once_for_all_packages() -> None:
    process = FakeProcess({"sudo apt-get install -y gcc make": ended("")}, programs={"sudo": "/usr/bin/sudo"})
    system = machine(process, interactive=True)
    make = replace(GCC, packages=("make",), tools=("make",), fresh=("make",))
    after = report(Finding("gcc", "ok", ""), Finding("make", "ok", ""))

    first = report(red("gcc", GCC), red("make", make))
    assert repair(system, first, examine=lambda: after, yes=True, dry_run=False) is after

    process.assert_used()


def test_what_comes_from_a_mirror_is_said_before_the_question() -> None:
    system = machine(interactive=True, answers=[False])
    setup = Setup(
        report(red("line", LINE)),
        plan_for(system, report(red("line", LINE))),
        (Mirror("go", "https://me:hunter22@mirror.example/go", "devtool.toml:2"),),
    )

    provision(system, setup, Selection(), yes=False, no_root=False)

    console = system.console
    assert isinstance(console, FakeConsole)
    assert console.notes[0] == "go: Go itself from https://mirror.example/go (`devtool.toml:2`)"
    assert "hunter22" not in " ".join(console.notes)


def test_the_plan_says_what_apt_would_fetch() -> None:
    files = {
        "/etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
        "/checkout/devtool.toml": 'name = "small"\n[needs]\nmake = ""\n',
        "/var/lib/apt/lists/mirror_Packages": "",
    }
    sizes = ended("Need to get 12.3 MB of archives.\n")
    answers = {
        "make --version": ended(outcome="absent"),
        "apt-get install --print-uris -y make": sizes,
    }
    console = FakeConsole()
    system = fake_system(
        console=console,
        files=FakeFiles(files, folders=("/home/me",)),
        process=FakeProcess(answers, {"apt-get": "/usr/bin/apt-get"}),
        machine=FakeMachine(root=True),
    )

    assert run(["setup", "--only", "make", "--dry-run"], system) == 0

    assert "   downloads 12 MiB" in console.results[0].splitlines()


def test_what_apt_would_fetch_is_said_before_the_question_too() -> None:
    system = machine(interactive=True, answers=[False])
    measured = replace(GCC, download_bytes=43 * 10**6)
    first = report(red("gcc", GCC))

    setup = Setup(first, Plan((Step(measured, ("gcc",)),)))
    assert provision(system, setup, Selection(), yes=False, no_root=False) is first

    console = system.console
    assert isinstance(console, FakeConsole)
    assert "   needs root, downloads 41 MiB" in console.notes


def test_a_person_without_a_home_is_told_why_nothing_private_is_planned() -> None:
    console = FakeConsole()
    system = fake_system(
        console=console,
        files=FakeFiles({"/checkout/devtool.toml": 'name = "small"\n[needs]\ncmake = ">=3.26"\n'}),
        process=FakeProcess({"cmake --version": ended(outcome="absent")}),
        env={},
    )

    assert run(["setup", "--only", "cmake", "--dry-run"], system) == 0

    assert console.notes == ["this user has no home folder, which private toolchains need: set HOME to one"]
