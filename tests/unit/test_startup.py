"""What `devtool --help` may load: click, and next to nothing of our own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from devtool.cli import run

# What click itself loads to write a page of help, beyond what `import click` has loaded.
BY_CLICK = {
    "_bz2", "_compression", "_heapq", "_locale", "_lzma", "bz2", "click._textwrap", "click.formatting",
    "click.parser", "compression", "difflib", "encodings.ascii", "fnmatch", "gettext", "grp", "heapq",
    "locale", "lzma", "os", "pwd", "shutil", "textwrap", "zlib",
}  # fmt: skip
OURS = {"devtool", "devtool.__main__", "devtool.cli", "devtool.commands", "devtool.errors"}
LISTING = """
import contextlib, io, sys
import click
before = set(sys.modules)
from devtool.cli import run
with contextlib.redirect_stdout(io.StringIO()):
    status = run(sys.argv[1:])
print(*sorted(set(sys.modules) - before))
sys.exit(status)
"""


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_the_first_page_loads_nothing_that_is_not_on_the_list(option: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LISTING, option], capture_output=True, text=True, check=True
    )

    loaded = {
        name for name in answer.stdout.split() if not name.startswith(("compression.", "importlib.", "re."))
    }

    assert loaded - BY_CLICK - OURS == set()


AT_ONCE = """
import sys
from devtool.cli import run
status = run(["container", "exec", "--", "true"])
print(status, "click" in sys.modules)
"""


def test_a_command_for_the_container_is_begun_without_the_parser(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    (tmp_path / ".git").mkdir()
    (tmp_path / ".devcontainer.json").write_text('{"image": "none"}')

    answer = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )

    assert answer.stdout.split()[:2] == ["1", "False"]
    assert "no Docker engine runs" in answer.stderr


@pytest.mark.parametrize("words", [["container", "exec", "--"], ["container", "exec"]])
def test_a_command_that_is_missing_is_told_as_everywhere(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2

    assert "Missing argument" in capsys.readouterr().err
