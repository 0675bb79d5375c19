from __future__ import annotations

import pytest

from devtool.adapters.shell import SHIMS_REASON
from devtool.checks.own_tools import OWN_TOOLS_CHECKS
from devtool.model.remedy import AppendLine
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import FakeFiles, fake_system
from tests.support.examining import LINUX, examined

(OWN_TOOLS,) = OWN_TOOLS_CHECKS
SHIMS = "/home/me/.local/share/devtool/bin"
LINE = 'export PATH="$HOME/.local/share/devtool/bin:$PATH"'


def seen(*tools: str, path: str = "/usr/bin", bashrc: str = "") -> Finding:
    files = FakeFiles({"/home/me/.bashrc": bashrc}, executables={f"{SHIMS}/{tool}": "" for tool in tools})
    system = fake_system(files=files, env={"HOME": "/home/me", "PATH": path})
    return examined(OWN_TOOLS, system, Needs(None, None), LINUX)


@pytest.mark.parametrize("tools", [(), ("conan",)])
def test_without_tools_but_conan_there_is_nothing_to_find(tools: tuple[str, ...]) -> None:
    assert seen(*tools).severity == "skipped"


def test_a_folder_on_path_is_ok() -> None:
    assert seen("cmake", path=f"{SHIMS}:/usr/bin").severity == "ok"


def test_a_shell_that_was_open_before_the_repair_is_told_what_it_misses() -> None:
    finding = seen("cmake", "clang-format-15", bashrc=f"{LINE}\n")

    assert finding.severity == "warning"
    assert finding.summary == (
        f"this shell does not find devtool's own clang-format-15, cmake: `{SHIMS}` is not on PATH"
    )
    assert finding.remedies[0].summary == f'run `export PATH="{SHIMS}:$PATH"` in this shell'
    assert [action for remedy in finding.remedies for action in remedy.actions] == []


def test_a_start_file_without_the_line_is_offered_it() -> None:
    finding = seen("cmake")

    assert finding.remedies[1].actions == (AppendLine("/home/me/.bashrc", LINE, SHIMS_REASON),)


def test_without_a_home_nothing_is_asked() -> None:
    system = fake_system(env={"HOME": "relative"})

    assert examined(OWN_TOOLS, system, Needs(None, None), LINUX).severity == "skipped"
