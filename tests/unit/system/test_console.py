"""The terminal door: whatever the streams are, and whatever the text holds."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from devtool.system.console import RealConsole, say

DEVTOOL = f"'{sys.executable}' -m devtool"


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_costs_what_it_would_carry_and_nothing_else(closed: str) -> None:
    answer = shell(f"{DEVTOOL} host {closed}")

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("arguments", ["host", "--help", "host --format json"])
def test_a_full_stdout_is_one_line_and_not_a_fault_of_ours(arguments: str) -> None:
    answer = shell(f"{DEVTOOL} {arguments} >/dev/full")

    assert answer.returncode == 1
    assert answer.stderr == "devtool: cannot write the result: no space left on device\n"


@pytest.mark.parametrize(("arguments", "status"), [("explain nope", 2), ("-x", 2), ("undo --list", 0)])
def test_a_full_stderr_changes_no_exit_status(arguments: str, status: int) -> None:
    answer = shell(f"{DEVTOOL} {arguments} 2>/dev/full")

    assert answer.returncode == status


def test_colours_pass_where_they_are_wanted_and_nothing_else_steers_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07 \x1b[2J \u202egnp.exe"

    RealConsole({"FORCE_COLOR": "1"}).result(text)
    RealConsole({"NO_COLOR": "1"}).result(text)

    coloured, plain = capsys.readouterr().out.splitlines()
    assert coloured == "\x1b[1;31mred\x1b[0m \ufffd]0;title\ufffd \ufffd[2J \ufffdgnp.exe"
    assert plain == "red \ufffd]0;title\ufffd \ufffd[2J \ufffdgnp.exe"


def test_code_for_a_shell_comes_out_byte_for_byte(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    RealConsole({}).code("export A='\x01\udce9\n`devtool env`'")

    assert capsysbinary.readouterr().out == b"export A='\x01\xe9\n`devtool env`'\n"


def test_a_stream_that_cannot_spell_a_name_gets_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(taken, encoding="ascii"))

    say("gr\u00f6\u00dfe\n")

    assert taken.getvalue() == b"gr??e\n"
