"""What `devtool --help` may load: click, and next to nothing of our own."""

from __future__ import annotations

import subprocess
import sys

import pytest

# What click itself loads to write a page of help, beyond what `import click` has loaded.
BY_CLICK = {
    "_bz2", "_compression", "_heapq", "_locale", "_lzma", "bz2", "click._textwrap", "click.formatting",
    "click.parser", "compression", "difflib", "encodings.ascii", "fnmatch", "gettext", "grp", "heapq",
    "locale", "lzma", "os", "pwd", "shutil", "textwrap", "zlib",
}  # fmt: skip
OURS = {"devtool", "devtool.__main__", "devtool.cli", "devtool.errors"}
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
