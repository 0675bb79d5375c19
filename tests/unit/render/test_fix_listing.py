"""The fixes of a journal, listed for a terminal."""

from __future__ import annotations

import pytest

from devtool.model.fix import CommandRun, Entry, Fix
from devtool.render.fixes import render_fixes

TIME = "2026-11-20T20:00:00Z"
APT = CommandRun(f"apt-get install -y {' '.join(f'lib{n}-dev' for n in range(60))}", ("dpkg", "--remove"))
LONG = "install " + ", ".join(f"tool-{number}" for number in range(60))
FIXES = [
    Fix(12, TIME, "0", "failed", (Entry("", LONG, ("gcc", "cmake"), (APT,), "done"),)),
    Fix(11, TIME, "0", "partly", (Entry("", "why", (), (APT,), "refused"),)),
    Fix(10, TIME, "0", "done", (Entry("", "a group", ("docker",), (CommandRun("usermod"),), "done"),)),
    Fix(9, TIME, "0", "undone", ()),
]


def test_a_list_says_of_each_fix_when_what_and_how_it_stands() -> None:
    assert render_fixes(FIXES, "text", 80).splitlines() == [
        "fix 12  2026-11-20T20:00:00Z  stopped half-way",
        "  gcc, cmake: install tool-0, tool-1, tool-2, tool-3, tool-4, tool-5, tool-6,",
        "  tool-7, tool-8, tool-9, tool-10, tool-11, tool-12, tool-13, tool-14, tool-15,…",
        "fix 11  2026-11-20T20:00:00Z  taken back but for what needs root",
        "  never begun: why",
        "fix 10  2026-11-20T20:00:00Z  done, cannot be taken back",
        "  docker: a group",
        "fix 9  2026-11-20T20:00:00Z  taken back",
        "",
        "  `devtool undo 12 --dry-run` says what that would take back",
        "  `devtool undo --list --format json` has every command and path",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_of_the_list_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, render_fixes(FIXES, "text", width).splitlines())) <= width
