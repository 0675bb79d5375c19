"""Which shell the person uses, and what starts it."""

from __future__ import annotations

import pytest

from devtool.workflows.shells import Shell, evaluated, guess_shell, opening
from tests.support import FakeFiles, FakeProcess, ended, fake_system


@pytest.mark.parametrize(
    ("parent", "told", "name", "path"),
    [
        ("fish", "/bin/bash", "fish", "/usr/bin/fish"),
        ("bash", "/opt/bash", "bash", "/opt/bash"),
        ("-zsh", "/bin/zsh", "zsh", "/bin/zsh"),
        ("make", "/bin/zsh", "zsh", "/bin/zsh"),
        ("python3", "", "sh", "/bin/sh"),
        ("bash", "/bin/tcsh", "bash", "bash"),
        ("tcsh", "/bin/tcsh", "tcsh", "/bin/tcsh"),
    ],
)
def test_the_shell_that_started_us_speaks_before_the_one_that_is_set(
    parent: str, told: str, name: str, path: str
) -> None:
    system = fake_system(
        files=FakeFiles({"/proc/999/comm": f"{parent}\n"}),
        process=FakeProcess(programs={"fish": "/usr/bin/fish"}),
        env={"SHELL": told} if told else {},
    )

    assert guess_shell(system) == Shell(name, path)


def test_without_proc_the_process_table_is_asked() -> None:
    process = FakeProcess({"ps -o comm= -p 999": ended("-/bin/zsh\n")})

    assert guess_shell(fake_system(process=process, env={"SHELL": "/bin/zsh"})) == Shell("zsh", "/bin/zsh")
    process.assert_used()


def test_every_shell_is_started_so_that_our_environment_is_set_last() -> None:
    system = fake_system(cwd="/a 'b")
    made = {
        name: opening(system, Shell(name, f"/bin/{name}"), {"ZDOTDIR": "/z", "ENV": "/e"})
        for name in ("bash", "zsh", "fish", "dash", "tcsh")
    }

    assert made["bash"].argv[1] == "--rcfile"
    assert made["bash"].argv[2].endswith("/shells/bashrc")
    assert made["zsh"].env["DEVTOOL_SHELL_ZDOTDIR"] == "/z"
    assert made["zsh"].env["ZDOTDIR"].endswith("/shells/zsh")
    assert made["dash"].env["DEVTOOL_SHELL_ENV"] == "/e"
    assert made["fish"].argv[2] == (
        "'/bin/sh' '-c' 'cd / && exec \"$@\"' 'sh' '/opt/devtool/bin/python' '-I' '-m' 'devtool'"
        " '-C' '/a \\'b' 'env' '--shell' 'fish' 2>/dev/null | source"
    )
    assert [made[name].survives for name in made] == [True, True, True, True, False]
    assert made["tcsh"].argv == ("/bin/tcsh",)


def test_what_takes_the_environment_over_is_spelled_for_the_shell() -> None:
    assert evaluated("fish") == "devtool env | source"
    assert evaluated("zsh") == 'eval "$(devtool env)"'
