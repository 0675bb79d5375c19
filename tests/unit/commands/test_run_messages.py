"""What `devtool run` says of its own, and with which status it leaves."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devtool.cli import run
from devtool.model.following import Followed
from tests.support import FakeConsole, FakeProcess, fake_system
from tests.support.files import FakeFiles

LOG = "/home/me/.local/state/devtool/logs/20260101T000000Z-make.log"


def said(followed: Followed, *options: str, argv: str = "make -j4") -> tuple[int, list[str]]:
    console, process = FakeConsole(), FakeProcess(followed={argv: (b"", followed)})
    status = run(
        ["run", "--quiet", *options, "--", *argv.split()], fake_system(process=process, console=console)
    )
    process.assert_used()
    assert console.results == []
    return status, console.notes


def failed(output: str, trouble: str = "") -> list[str]:
    """What is said of `make` that failed with this in its log."""
    followed = Followed("ended", 2, log_path=LOG, log_trouble=trouble)
    console, process = FakeConsole(), FakeProcess(followed={"make": (output.encode(), followed)})
    run(
        ["run", "make"], fake_system(process=process, console=console, files=FakeFiles({LOG: output}), env={})
    )
    return console.notes


def test_a_success_is_silent() -> None:
    assert said(Followed("ended", 0, log_path=LOG)) == (0, [])


@pytest.mark.parametrize(
    ("followed", "argv", "status", "line"),
    [
        (Followed("absent", 127), "mkae", 127, "devtool: `mkae` is not on PATH"),
        (Followed("absent", 127), "./mkae", 127, "devtool: `./mkae` does not exist"),
        (
            Followed("refused", 126, "permission denied"),
            "./make",
            126,
            "devtool: `./make` cannot be started: permission denied",
        ),
    ],
)
def test_what_cannot_be_started_gets_one_line(followed: Followed, argv: str, status: int, line: str) -> None:
    assert said(followed, argv=argv) == (status, [line])


def test_a_log_that_is_elsewhere_is_said_once_even_after_a_success() -> None:
    followed = Followed(
        "ended", 0, log_path="/tmp/x.log", log_trouble="cannot keep the log in `/a`: read-only"
    )

    assert said(followed) == (0, ["devtool: cannot keep the log in `/a`: read-only"])


@pytest.mark.parametrize(
    ("trouble", "line"),
    [
        ("", f"devtool: the full log is `{LOG}`"),
        ("the log ends early: no space left on device", f"devtool: the log is `{LOG}`"),
    ],
)
def test_a_log_that_ends_early_is_not_called_full(trouble: str, line: str) -> None:
    assert failed("make: done\n", trouble)[-1] == line


def test_an_error_of_ones_own_code_is_shown_with_a_hint_and_no_knowledge_file_to_fill_in() -> None:
    notes = "\n".join(failed("b.cc:1:20: error: `foo` was not declared\nmake: *** [b] Error 1\n"))

    assert "> 1 | b.cc:1:20: error: `foo` was not declared" in notes
    assert f"`devtool learn {LOG}`" in notes
    assert "patterns = [" not in notes


def test_our_words_start_on_a_line_of_their_own() -> None:
    followed = Followed("ended", 0, log_trouble="the log ends early: no space left on device", open_line=True)

    assert said(followed)[1][0] == ""


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run"], fake_system()) == 2

    assert "COMMAND" in capsys.readouterr().err


def test_a_misspelt_option_is_not_taken_for_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "--fial-fast", "make"], fake_system()) == 2

    assert "--fial-fast" in capsys.readouterr().err


def test_nothing_heavy_is_loaded_for_a_command_that_succeeds(home: str) -> None:
    program = "import sys; from devtool.cli import run; run(['run', 'true']); print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "HOME": home},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "devtool.system.following.relay" in loaded
    assert not {"hyperscan", "tomllib", "tomli", "rich", "psutil", "devtool.workflows.diagnosing"} & set(
        loaded
    )
