"""What repair shows, asks, does, leaves to the person, and says afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.adapters.environments import MARKER
from devtool.errors import InputError
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Action, AppendLine, Remedy, RemoveJsonKey, RunCommand
from devtool.model.report import Finding, Report
from devtool.model.toolchain import MakeToolEnvironment
from devtool.system import System
from devtool.workflows.repairing import plan_for, repair
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system
from tests.support.samples import report

CONFIG = "/home/me/.docker/config.json"
CUT = RemoveJsonKey(CONFIG, "credsStore", "the helper it names is absent")
INSTALL = RunCommand(("apt-get", "install", "-y", "cmake"), "cmake is absent", needs_root=True)
LINE = AppendLine("/home/me/.bashrc", "export A=1", "why")


def broken(check: str, *actions: Action) -> Finding:
    words = Remedy("do it by hand")
    return Finding(check, "failure", f"{check} is broken", remedies=(words, Remedy("or so", actions)))


def cured(check: str) -> Finding:
    return Finding(check, "ok", f"{check} is fine")


def machine(console: FakeConsole, process: FakeProcess | None = None, root: bool = False) -> System:
    files = FakeFiles(
        {CONFIG: '{"auths": {}, "credsStore": "x"}', "/home/me/.bashrc": "a\n"}, folders=("/home/me",)
    )
    return fake_system(console=console, files=files, process=process, machine=FakeMachine(root=root))


def unasked() -> Report:
    raise AssertionError("examined again although nothing was done")


def test_a_dry_run_shows_the_transcript_and_stops() -> None:
    console = FakeConsole(interactive=True)
    system = machine(console)
    first = report(broken("cmake", INSTALL, LINE), broken("shell", LINE))

    second = repair(system, first, examine=unasked, yes=True, dry_run=True)

    assert second is first
    assert console.notes == [
        "",
        "# cmake: cmake is absent",
        "# needs root",
        "# `devtool undo` cannot take this back",
        "sudo apt-get install -y cmake",
        "",
        "# cmake, shell: why",
        "# add `export A=1` to `/home/me/.bashrc`, once",
        *LINE.preview.splitlines(),
        "",
        "1. cmake: cmake is absent",
        "   sudo apt-get install -y cmake",
        "   needs root, `devtool undo` cannot take it back",
        "",
        "2. cmake, shell: why",
        "   add `export A=1` to `/home/me/.bashrc`, once",
        "",
        "2 steps; `devtool undo` takes 1 of them back",
        "nothing was changed: this is a dry run",
    ]


def test_the_plan_before_the_question_is_for_reading_and_names_where_every_command_is() -> None:
    console = FakeConsole(interactive=True, answers=[False])
    names = tuple(f"libquitelong{number}-dev" for number in range(6))
    packages = InstallPackages("apt-get", names, names, True, refresh=True, fresh=names)

    repair(
        machine(console), report(broken("libs", packages, LINE)), examine=unasked, yes=False, dry_run=False
    )

    assert console.notes == [
        "",
        "1. libs is broken",
        "   sudo sh -c 'apt-get update && apt-get install -y libquitelong0-dev \\",
        "     libquitelong1-dev libquitelong2-dev libquitelong3-dev libquitelong4-dev \\",
        "     libquitelong5-dev'",
        "   needs root",
        "",
        "2. libs: why",
        "   add `export A=1` to `/home/me/.bashrc`, once",
        "",
        "2 steps; `devtool undo` takes them back",
        "the same with `--dry-run` shows every command",
        "nothing was changed: you said no",
    ]


def test_consent_is_asked_and_the_second_look_is_told() -> None:
    console = FakeConsole(interactive=True, answers=[True])
    system = machine(console)
    first = report(broken("docker", CUT), broken("shell", LINE), cured("git"))
    after = report(cured("docker"), broken("shell", LINE), Finding("git", "warning", "git is odd now"))

    second = repair(system, first, examine=lambda: after, yes=False, dry_run=False)

    assert second is after
    assert console.questions == ["make 2 changes?"]
    assert system.files.read_bytes(CONFIG) == b'{"auths": {}}'
    assert console.notes[-5:] == [
        "made 2 changes; `devtool undo` takes back fix 1",
        "until then the files from before are kept in "
        "`/home/me/.local/state/devtool/journal/1.copies`, readable by you alone",
        "cured: docker",
        "still there: shell: shell is broken",
        "new: git: git is odd now",
    ]


@pytest.mark.parametrize(
    ("console", "said"),
    [
        (FakeConsole(interactive=True, answers=[False]), "nothing was changed: you said no"),
        (
            FakeConsole(),
            "nothing was changed: there is no terminal to ask on, and `--yes` was not given",
        ),
    ],
)
def test_without_consent_nothing_changes(console: FakeConsole, said: str) -> None:
    system = machine(console)
    first = report(broken("docker", CUT))

    second = repair(system, first, examine=unasked, yes=False, dry_run=False)

    assert second is first
    assert console.notes[-1] == said
    assert system.files.names("/home/me/.local/state/devtool/journal") == []


def test_what_needs_root_is_left_to_the_person_without_a_terminal() -> None:
    console = FakeConsole()
    system = machine(console, FakeProcess(programs={"sudo": "/usr/bin/sudo"}))
    first = report(broken("cmake", INSTALL), broken("docker", CUT))

    repair(system, first, examine=lambda: first, yes=True, dry_run=False)

    assert system.files.read_bytes(CONFIG) == b'{"auths": {}}'
    assert "these need root and are left to you:" in console.notes
    assert console.notes.count("   sudo apt-get install -y cmake") == 2


def test_only_root_steps_without_a_terminal_change_nothing() -> None:
    console = FakeConsole()
    first = report(broken("cmake", INSTALL))

    repair(machine(console), first, examine=unasked, yes=True, dry_run=False)

    assert console.notes[-1] == (
        "nothing was changed: every step needs root, and root is yours to use: run the lines above yourself"
    )


def test_on_a_terminal_root_steps_go_through_sudo_shown_first() -> None:
    console = FakeConsole(interactive=True, answers=[True])
    process = FakeProcess({"sudo apt-get install -y cmake": ended()}, {"sudo": "/usr/bin/sudo"})

    repair(
        machine(console, process), report(broken("cmake", INSTALL)), examine=report, yes=False, dry_run=False
    )

    assert "   sudo apt-get install -y cmake" in console.notes
    process.assert_used()


def test_root_needs_no_sudo() -> None:
    console = FakeConsole()
    process = FakeProcess({"apt-get install -y cmake": ended()})

    repair(
        machine(console, process, root=True),
        report(broken("cmake", INSTALL)),
        examine=report,
        yes=True,
        dry_run=False,
    )

    assert "   apt-get install -y cmake" in console.notes
    process.assert_used()


def test_a_failed_step_stops_the_rest_and_the_second_look_decides() -> None:
    console = FakeConsole()
    process = FakeProcess({"brew reinstall llvm@15": ended(status=1)})
    system = machine(console, process)
    first = report(
        broken("docker", CUT),
        broken("llvm", RunCommand(("brew", "reinstall", "llvm@15"), "it is broken")),
        broken("shell", LINE),
    )

    second = repair(system, first, examine=lambda: report(cured("llvm")), yes=True, dry_run=False)

    assert second.exit_status == 0
    assert "stopped: `brew reinstall llvm@15` exited with status 1" in console.notes
    assert "made 1 change before that; `devtool undo` takes back fix 1" in console.notes
    assert "commands that nothing takes back stay as they are" in console.notes
    assert system.files.read_text("/home/me/.bashrc") == "a\n"


def test_a_first_step_that_fails_is_not_said_to_be_undoable() -> None:
    console = FakeConsole()
    process = FakeProcess({"brew reinstall llvm@15": ended(outcome="absent")})
    first = report(broken("llvm", RunCommand(("brew", "reinstall", "llvm@15"), "it is broken")), cured("git"))

    repair(machine(console, process), first, examine=lambda: first, yes=True, dry_run=False)

    assert console.notes[-3:] == [
        "stopped: `brew` is not on PATH",
        "nothing was done before it, and nothing after it was tried",
        "still there: llvm: llvm is broken",
    ]


def test_where_nothing_can_be_written_one_line_says_so_and_nothing_changes() -> None:
    system = machine(FakeConsole())
    read_only = replace(system, files=FakeFiles({CONFIG: '{"credsStore": 1}'}, broken=("/home/me/.local",)))

    with pytest.raises(InputError) as refusal:
        repair(read_only, report(broken("docker", CUT)), examine=unasked, yes=True, dry_run=False)

    assert refusal.value.message == "nothing was changed: cannot write to `/home/me/.local`"
    assert read_only.files.read_bytes(CONFIG) == b'{"credsStore": 1}'


def test_findings_that_are_fine_or_only_words_give_no_plan() -> None:
    console = FakeConsole()
    words = Finding("ports", "failure", "taken", remedies=(Remedy("stop what listens there"),))
    fine = replace(broken("docker", CUT), severity="ok")
    first = report(words, fine)

    assert repair(machine(console), first, examine=unasked, yes=True, dry_run=False) is first
    assert console.notes == ["nothing here that devtool could repair by itself"]


def test_without_a_home_a_machine_that_needs_no_repair_is_left_in_peace() -> None:
    console = FakeConsole()
    homeless = fake_system(console=console, env={"PATH": "/usr/bin"})
    fine = report(cured("docker"))

    assert repair(homeless, fine, examine=unasked, yes=True, dry_run=False) is fine
    assert console.notes == ["nothing here that devtool could repair by itself"]


def test_a_shim_comes_with_the_line_that_puts_it_on_path() -> None:
    shims = "/home/me/.local/share/devtool/bin"
    make = MakeToolEnvironment("conan", "1.61.0", "", "/e", f"{shims}/conan", "conan is absent")

    plan = plan_for(machine(FakeConsole()), report(broken("conan", make)))

    assert plan.steps[1].asked_by == ("conan",)
    assert plan.actions[1] == AppendLine(
        "/home/me/.bashrc",
        'export PATH="$HOME/.local/share/devtool/bin:$PATH"',
        "puts the commands that devtool makes on PATH in new shells",
    )


@pytest.mark.parametrize(
    ("path", "told"), [("/usr/bin", True), ("/home/me/.local/share/devtool/bin:/usr/bin", False)]
)
def test_a_shell_that_is_open_already_is_told_how_to_find_what_was_made(path: str, told: bool) -> None:
    shims = "/home/me/.local/share/devtool/bin"
    make = MakeToolEnvironment("conan", "1.61.0", "", "/e", f"{shims}/conan", "conan is absent")
    files = FakeFiles({f"/e/{MARKER}": "", f"{shims}/conan": make.shim_texts[0][1]}, folders=("/home/me",))
    console = FakeConsole(interactive=True)
    system = fake_system(console=console, files=files, env={"HOME": "/home/me", "PATH": path})

    repair(
        system, report(broken("conan", make)), examine=lambda: report(cured("conan")), yes=True, dry_run=False
    )

    assert (f'this shell finds them after `export PATH="{shims}:$PATH"`' in console.notes) == told
