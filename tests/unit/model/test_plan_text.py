"""A long command broken between its words does what the whole one does."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from devtool.model.plan_text import step_text
from devtool.model.remedy import AppendLine, Step
from devtool.model.wrapping import folded

WORDS = [f"word{number}" for number in range(30)]
PLAIN = shlex.join(["printf", r"%s\n", *WORDS, "two words", "it's", "a\\b", "/a/very long/path"])
INSIDE = f"sh -c {shlex.quote('true && echo ' + ' '.join(WORDS))}"
QUOTED_INSIDE = f"sh -c {shlex.quote(PLAIN)}"


@pytest.mark.parametrize("command", [PLAIN, INSIDE, QUOTED_INSIDE], ids=["words", "sh", "quoted in sh"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_pasted_rows_do_what_the_command_does(command: str, width: int) -> None:
    rows = folded(command, width, "   ")

    whole, pasted = (
        subprocess.run(["sh", "-c", text], capture_output=True, check=True).stdout
        for text in (command, "\n".join(rows))
    )
    assert pasted == whole
    if command != QUOTED_INSIDE:
        assert max(map(len, rows)) <= width


def test_what_is_quoted_over_lines_and_what_fits_stays_as_it_is() -> None:
    assert folded("echo 'a\nb' c", 8) == ["echo 'a", "b' c"]
    assert folded("sudo apt-get install -y gcc", 80, "  ") == ["  sudo apt-get install -y gcc"]


def test_a_path_is_never_broken() -> None:
    path = "/home/somebody/" + "a-long-folder/" * 6 + "file"

    assert folded(f"touch {path} {path}", 40) == ["touch \\", f"  {path} \\", f"  {path}"]


def test_what_root_would_do_is_shown_as_a_command_too() -> None:
    step = Step(AppendLine("/etc/profile", "export A=1", "why", needs_root=True))

    lines = step_text(1, step, False, 80)

    assert lines[1] == "   add `export A=1` to `/etc/profile`, once"
    assert "sudo" in lines[2]
    assert lines[-1] == "   needs root, `devtool undo` takes it back"
