"""What `sudo` did not let begin needs no undoing, and what needs root stands in no other fix's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from devtool.cli import run
from devtool.model.command import Answer
from devtool.model.fix import CommandRun, Entry, Fix
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Action, AppendLine, Plan, RunCommand, Step
from devtool.remedies.application import apply
from devtool.remedies.journal import Journal
from devtool.system import System
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system

PROFILE = "/home/me/.bashrc"
OLDER = AppendLine(PROFILE, "export A=1", "an older fix")
LINE = AppendLine("/home/me/.zshrc", "export B=1", "why")
GCC = InstallPackages("apt-get", ("gcc",), ("gcc",), needs_root=True, fresh=("gcc",))
GROUP = RunCommand(("usermod", "-aG", "docker", "me"), "why", True, ("gpasswd", "-d", "me", "docker"))
INSTALL = "sudo apt-get install -y gcc"
ASKED = "sudo -n -l apt-get install -y gcc"
REFUSED = {INSTALL: ended(status=1), ASKED: ended(status=1)}
STATUS = "/var/lib/dpkg/status"


def machine(answers: Mapping[str, Answer], *, interactive: bool = True, installed: str = "") -> System:
    status = "".join(f"Package: {n}\nStatus: install ok installed\n\n" for n in ("dpkg", *installed.split()))
    return fake_system(
        files=FakeFiles({PROFILE: "a\n", "/home/me/.zshrc": "z\n", STATUS: status}, folders=("/home/me",)),
        process=FakeProcess({**answers}, {"sudo": "/usr/bin/sudo"}),
        console=FakeConsole(interactive=interactive),
        machine=FakeMachine(root=False),
    )


def plan(*actions: Action) -> Plan:
    return Plan(tuple(Step(action) for action in actions))


def undo(system: System, *words: str) -> tuple[int, list[str], list[str]]:
    console = system.console
    assert isinstance(console, FakeConsole)
    console.notes.clear()
    console.results.clear()
    return run(["undo", *words], system), [*console.notes], [*console.results]


def test_a_fix_whose_only_step_sudo_refused_is_none(capfd: pytest.CaptureFixture[str]) -> None:
    system = machine(REFUSED)

    outcome = apply(system, plan(GCC))

    assert outcome.error is not None
    assert outcome.error.message == "`sudo` did not let `apt-get` begin"
    assert outcome.done == 0
    assert undo(system, "--list") == (0, [], ["no fixes"])


def test_what_was_done_is_taken_back_and_what_never_began_is_passed_over() -> None:
    system = machine(REFUSED)
    apply(system, plan(LINE, GCC))

    assert undo(system) == (
        0,
        [
            "restore `/home/me/.zshrc`",
            "passed over: `sudo` did not let it begin: install gcc with apt-get",
        ],
        ["fix 1 is taken back"],
    )
    assert system.files.read_text("/home/me/.zshrc") == "z\n"


def test_a_command_that_began_and_failed_is_taken_back() -> None:
    answers = {
        "sudo usermod -aG docker me": ended(status=1),
        "sudo -n -l usermod -aG docker me": ended("/usr/sbin/usermod"),
        "sudo gpasswd -d me docker": ended(),
    }
    system = machine(answers)
    apply(system, plan(LINE, GROUP))

    status, notes, results = undo(system)

    assert (status, results) == (0, ["fix 1 is taken back"])
    assert notes == ["run `sudo gpasswd -d me docker`", "restore `/home/me/.zshrc`"]


def old_journal(system: System, *entries: Entry) -> None:
    apply(system, plan(OLDER))
    journal = Journal(system)
    journal.save(Fix(2, "2026-11-20T20:00:00Z", "0", "failed", entries))


CUT_OFF = Entry(INSTALL, "install gcc with apt-get", (), (CommandRun(
    "apt-get install -y gcc", ("dpkg", "--remove", "gcc"), True),))  # fmt: skip
ADDED = Entry("sudo usermod -aG docker me", "join docker", (), (CommandRun(
    "usermod -aG docker me", ("gpasswd", "-d", "me", "docker"), True),), "done")  # fmt: skip


def test_packages_that_are_not_there_need_no_root_to_be_taken_back() -> None:
    system = machine({}, interactive=False)
    old_journal(system, CUT_OFF)

    assert undo(system) == (
        0,
        ["passed over: none of it is installed: install gcc with apt-get"],
        ["fix 2 had changed nothing"],
    )
    assert undo(system)[2] == ["fix 1 is taken back"]


def test_a_long_step_that_never_began_takes_two_rows_at_most() -> None:
    system = machine({}, interactive=False)
    long = replace(CUT_OFF, reason=f"install {', '.join(f'tool-{n}' for n in range(90))}")
    old_journal(system, long)

    _, notes, _ = undo(system)

    assert len(notes) == 2
    assert max(map(len, notes)) <= 80


def test_what_needs_root_is_said_once_as_one_command_and_the_next_undo_goes_on() -> None:
    system = machine({}, interactive=False, installed="gcc")
    old_journal(system, ADDED, CUT_OFF)
    told = "sudo sh -c 'dpkg --remove gcc && gpasswd -d me docker'"

    assert undo(system, "--dry-run") == (0, [], ["this needs root and is left to you:", f"  {told}"])
    assert undo(system) == (
        1,
        ["this needs root and is left to you:", f"  {told}"],
        ["fix 2 is taken back but for what needs root"],
    )
    assert undo(system) == (0, [f"restore `{PROFILE}`"], ["fix 1 is taken back"])
    assert system.files.read_text(PROFILE) == "a\n"


@pytest.mark.parametrize("interactive", [True, False])
def test_all_that_can_be_is_taken_back_and_the_rest_when_root_can_be_had(
    interactive: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    back = "sudo gpasswd -d me docker"
    refusals = {back: ended(status=1), "sudo -n -l gpasswd -d me docker": ended(status=1)}
    system = machine({"sudo usermod -aG docker me": ended(), **refusals})
    console, process = system.console, system.process
    assert isinstance(console, FakeConsole)
    assert isinstance(process, FakeProcess)
    apply(system, plan(LINE, GROUP))
    console.interactive = interactive

    status, notes, _ = undo(system)

    assert (status, notes[-2:]) == (1, ["this needs root and is left to you:", f"  {back}"])
    assert system.files.read_text("/home/me/.zshrc") == "z\n"
    system.files.write("/home/me/.zshrc", b"mine\n")
    assert undo(system)[0] == 1
    assert "is left what needs root: `devtool undo 1` tries again" in capfd.readouterr().err
    process.answers, console.interactive = {back: ended()}, True
    assert undo(system, "1") == (0, [f"run `{back}`"], ["fix 1 is taken back"])
    assert system.files.read_text("/home/me/.zshrc") == "mine\n"


def test_a_newest_fix_that_cannot_be_taken_back_names_the_one_before(
    capfd: pytest.CaptureFixture[str],
) -> None:
    system = machine({})
    apply(system, plan(OLDER))
    apply(system, plan(LINE))
    system.files.write("/home/me/.zshrc", b"mine\n")

    status, _, _ = undo(system)

    assert status == 1
    assert "`devtool undo 1` takes back the one before it" in capfd.readouterr().err
