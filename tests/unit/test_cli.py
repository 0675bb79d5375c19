"""The boundary: every way to end has its exit status and its one message."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from devtool import __version__, cli, commands
from devtool.errors import DevtoolError, InputError, Interrupted

DEVTOOL = [sys.executable, "-m", "devtool"]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `devtool host` end with this error."""

    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr(commands.Table, "get_command", lambda self, ctx, name: command)


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0

    shown = capsys.readouterr().out
    for name, entry in commands.COMMANDS.items():
        assert f"  {name} " in shown
        assert entry.help.split(",")[0] in shown


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_every_command_of_the_table_is_there_and_has_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([name, "--help"]) == 0

    assert f"devtool {name}" in capsys.readouterr().out.split("\n", 1)[1]


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0

    assert capsys.readouterr().out == f"devtool {__version__}\n"


def test_a_misspelt_command_is_bad_input_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["docter"]) == 2

    assert "no such command `docter`; did you mean `devtool doctor`?" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["doctor", "--formt", "json"], ["doctor", "--format", "yaml"], ["-C"]])
def test_bad_usage_exits_2_and_says_so_on_stderr(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(argv) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


@pytest.mark.parametrize(
    ("error", "status", "shown"),
    [
        (
            DevtoolError("milvus did not start", "see the log"),
            1,
            "devtool: milvus did not start\n  see the log\n",
        ),
        (InputError("`x` is no revision"), 2, "devtool: `x` is no revision\n"),
        (
            DevtoolError("`tcp://me:word@host` is silent", "`--cache redis://:word@host` is no help"),
            1,
            "devtool: `tcp://me:[redacted]@host` is silent\n"
            "  `--cache redis://:[redacted]@host` is no help\n",
        ),
        (KeyboardInterrupt(), 130, "devtool: interrupted\n"),
        (Interrupted(signal.SIGTERM), 143, "devtool: interrupted\n"),
    ],
)
def test_each_way_to_end_has_its_status_and_message(
    error: BaseException,
    status: int,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    raising(monkeypatch, error)

    assert cli.run(["host"]) == status
    assert capsys.readouterr().err == shown


def test_a_message_is_one_bounded_line_whatever_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", "\x1b[31ma\nb" + "x" * 100_000]) == 2

    first, hint = capsys.readouterr().err.splitlines()
    assert first.startswith(r"devtool: no check, failure or rule has the id `\x1b[31ma\nbxxx")
    assert len(first) < 1100
    assert hint == "  `devtool explain` lists every id, `devtool explain --search WORDS` finds one"


def test_a_fault_of_ours_exits_3_and_leaves_a_redacted_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", home)
    raising(monkeypatch, RuntimeError("went wrong with TOKEN=abcdef0123456789"))

    status = cli.run(["host"])
    shown = capsys.readouterr().err
    monkeypatch.undo()

    (log,) = Path(home, "devtool", "faults").iterdir()
    assert status == 3
    assert str(log) in shown
    assert "RuntimeError" in log.read_text()
    assert "abcdef0123456789" not in log.read_text() + shown


def test_the_log_of_a_fault_takes_what_is_no_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", home)
    raising(monkeypatch, RuntimeError("went wrong with \udcff"))

    status = cli.run(["host"])
    monkeypatch.undo()

    (log,) = Path(home, "devtool", "faults").iterdir()
    assert status == 3
    assert r"went wrong with \udcff" in log.read_text()


def test_a_folder_that_does_not_exist_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["-C", "/no/such/folder", "host"]) == 2

    assert "`/no/such/folder` is not a folder" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    line = f"'{sys.executable}' -m devtool explain | head -n 1"
    answer = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, check=False
    )

    assert answer.stderr == ""


def test_termination_ends_what_was_started(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3").write_text("#!/bin/sh\nsleep 67.125\n")
    (folder / "python3").chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path)}
    env.pop("XDG_CACHE_HOME", None)
    devtool = subprocess.Popen([*DEVTOOL, "doctor", "--no-cache"], env=env, stderr=subprocess.PIPE, text=True)
    deadline = 200
    while (
        subprocess.run(["pgrep", "-f", "sleep 67.125"], capture_output=True, check=False).returncode
        and deadline
    ):
        deadline -= 1
        signal.sigtimedwait([], 0.02)

    devtool.send_signal(signal.SIGTERM)
    _, shown = devtool.communicate(timeout=10)

    assert deadline, "the probe never started"
    assert devtool.returncode == 143
    assert "interrupted" in shown
    assert subprocess.run(["pgrep", "-f", "sleep 67.125"], capture_output=True, check=False).returncode == 1
