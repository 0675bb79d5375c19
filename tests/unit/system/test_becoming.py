"""A process left to another command, seen from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devtool.system.becoming import become
from devtool.system.machine import RealMachine

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from devtool.system import real_system
from devtool.system.signals import interrupt_on_termination
interrupt_on_termination()
print("before", flush=False)
env = {"PATH": "/usr/bin:/bin", "A": "b c"}
answer = real_system().process.become(sys.argv[2:], cwd=sys.argv[1], env=env)
print(answer.outcome, answer.stderr)
"""


def became(cwd: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(cwd), *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_has_exactly_the_environment_and_the_folder(tmp_path: Path) -> None:
    answer = became(
        tmp_path, "sh", "-c", "pwd -P; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort; exit 9"
    )

    assert answer.stdout == f"before\n{os.path.realpath(tmp_path)}\nA=b c\nPATH=/usr/bin:/bin\n"
    assert answer.returncode == 9


def test_signals_mean_to_it_what_they_mean_to_any_program(tmp_path: Path) -> None:
    answer = became(tmp_path, "sh", "-c", "grep SigIgn /proc/self/status || echo SigIgn: 0; kill -HUP $$")

    assert int(answer.stdout.split()[-1], 16) == 0
    assert answer.returncode == -1


@pytest.mark.parametrize(
    ("argv", "outcome", "why"),
    [
        (["no-such-program"], "absent", ""),
        (["/"], "refused", "it is a folder"),
        (["a\0b"], "refused", "its words hold a NUL"),
    ],
)
def test_what_cannot_be_started_is_an_answer(argv: list[str], outcome: str, why: str) -> None:
    ignored = signal.getsignal(signal.SIGPIPE)

    answer = become(argv, cwd=os.getcwd(), env={"PATH": "/usr/bin"})

    assert (answer.outcome, answer.stderr) == (outcome, why)
    assert signal.getsignal(signal.SIGPIPE) == ignored


def test_a_script_without_a_first_line_is_run_as_a_shell_would(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text('echo "ran with $1"\n')
    (tmp_path / "tool").chmod(0o755)

    assert became(tmp_path, "./tool", "a b").stdout == "before\nran with a b\n"


def test_our_own_words_start_us_again_from_anywhere() -> None:
    words = RealMachine().own_words()

    answer = subprocess.run(
        [*words, "--version"],
        cwd="/", env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert answer.stdout.startswith("devtool ")
    assert RealMachine().parent_id() == os.getppid()
