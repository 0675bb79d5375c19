"""`devtool env` and `devtool shell`, through the command line."""

from __future__ import annotations

import json

import pytest

from devtool import cli
from devtool.model.environment import RECORD, Environment, LeftOut, Variable
from devtool.render.environment import code, environment_text
from devtool.system import System
from tests.fixtures.setenv import SCRIPTS
from tests.support import FakeConsole, FakeFiles, FakeProcess, ended, fake_system

FILES = {
    "/checkout/go.mod": "module github.com/milvus-io/milvus\n\ngo 1.18\n",
    "/checkout/scripts/setenv.sh": SCRIPTS["2024"],
    "/proc/999/comm": "zsh\n",
}


def machine(process: FakeProcess | None = None, **env: str) -> tuple[System, FakeConsole]:
    console = FakeConsole()
    system = fake_system(
        files=FakeFiles(FILES, folders=("/checkout/.git",)),
        process=process,
        console=console,
        env={"HOME": "/home/me", "PATH": "/usr/bin", **env},
    )
    return system, console


def test_it_prints_code_for_the_shell_that_asks() -> None:
    system, console = machine()

    assert cli.run(["env"], system) == 0

    assert console.results[0].splitlines()[0] == "export PATH='/home/me/.local/share/devtool/bin:/usr/bin'"
    assert console.notes == []


def test_the_json_and_the_code_set_the_same() -> None:
    system, console = machine()

    assert cli.run(["env", "--shell", "json"], system) == 0
    assert cli.run(["env", "--shell", "fish"], system) == 0

    changes = json.loads(console.results[0])["changes"]
    assert console.results[1] == code(changes, "fish")


def test_unset_prints_what_takes_an_earlier_one_back() -> None:
    record = {"CC": {"before": None, "value": "clang"}, "CXX": {"before": "it's", "value": "clang++"}}
    system, console = machine(CC="clang", CXX="clang++", **{RECORD: json.dumps(record)})

    assert cli.run(["env", "--unset"], system) == 0

    assert console.results == [f"unset CC\nexport CXX='it'\\''s'\nunset {RECORD}"]


def test_unset_without_an_earlier_one_prints_nothing_to_do() -> None:
    system, console = machine()

    assert cli.run(["env", "--unset"], system) == 0

    assert console.results == [""]


def test_unset_goes_with_no_page_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    system, _ = machine()

    assert cli.run(["env", "--unset", "--why"], system) == 2
    assert "`--unset` prints code for a shell alone" in capsys.readouterr().err


def test_a_shell_that_we_do_not_speak_is_said_with_the_way_round(capsys: pytest.CaptureFixture[str]) -> None:
    console = FakeConsole()
    system = fake_system(
        files=FakeFiles({"/proc/999/comm": "tcsh\n"}), console=console, env={"SHELL": "/bin/tcsh"}
    )

    assert cli.run(["env"], system) == 2
    assert "`tcsh` is not a shell that devtool speaks" in capsys.readouterr().err
    assert console.results == []


def test_why_names_every_variable_with_its_reason_and_its_line() -> None:
    environment = Environment(
        "milvus",
        "/checkout",
        (
            Variable("L", "/a:/b:/mine", "programs find it", "setenv.sh:7", "/mine", ("/a", "/b")),
            Variable("CC", "clang", "the compiler", None, None),
        ),
        (LeftOut("LD_PRELOAD", "Python can crash of it", "setenv.sh:3"),),
        ("no LLVM is here",),
    )

    assert environment_text(environment, 80, colour=False) == (
        "milvus in /checkout\n\nL\n  /a:\n  /b:\n    programs find it (setenv.sh:7)\n\nCC\n  clang\n"
        "    the compiler\n\nLD_PRELOAD: left out\n    Python can crash of it (setenv.sh:3)\n\n"
        "trouble: no LLVM is here"
    )


def test_a_shell_is_opened_with_the_environment_and_says_how_to_leave() -> None:
    process = FakeProcess()
    system, console = machine(process, SHELL="/bin/zsh")
    process.answers = {"/bin/zsh": ended(status=5)}

    assert cli.run(["shell"], system) == 5

    assert process.became is not None
    cwd, env = process.became
    assert (cwd, env["DEVTOOL_SHELL"]) == ("/checkout", "/checkout")
    assert env["PATH"] == "/home/me/.local/share/devtool/bin:/usr/bin"
    assert console.notes == ["devtool: zsh for milvus in `/checkout`; `exit` leaves it"]


def test_a_command_gets_the_environment_without_a_word() -> None:
    process = FakeProcess({"make -j2": ended(status=2)})
    system, console = machine(process)

    assert cli.run(["shell", "--", "make", "-j2"], system) == 2

    assert process.became is not None
    assert "DEVTOOL_SHELL" not in process.became[1]
    assert console.notes == []


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (ended(outcome="absent"), 127, "devtool: `mkae` is not on PATH"),
        (
            ended(outcome="refused", stderr="it is a folder"),
            126,
            "devtool: `mkae` cannot be started: it is a folder",
        ),
    ],
)
def test_a_command_that_cannot_be_started_has_the_status_that_shells_give(
    answer: object, status: int, said: str
) -> None:
    system, console = machine(FakeProcess({"mkae": answer}))

    assert cli.run(["shell", "mkae"], system) == status
    assert console.notes == [said]


def test_a_shell_in_a_shell_is_refused_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    system, _ = machine(DEVTOOL_SHELL="/other")

    assert cli.run(["shell"], system) == 1

    said = capsys.readouterr().err
    assert "this is a shell of `devtool shell` already, for `/other`" in said
    assert "leave it with `exit` first" in said


def test_a_command_in_a_shell_of_ours_is_no_nesting() -> None:
    process = FakeProcess({"true": ended()})
    system, _ = machine(process, DEVTOOL_SHELL="/other")

    assert cli.run(["shell", "true"], system) == 0
