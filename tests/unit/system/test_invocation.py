from __future__ import annotations

from pathlib import Path

import pytest

from devtool.system.invocation import as_typed, program

ADVICE = "`devtool doctor --fix` repairs it, `devtools` and devtool do not"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("scripts/devtool", "`scripts/devtool doctor --fix` repairs it, `devtools` and devtool do not"),
        ("/a b/devtool", "`'/a b/devtool' doctor --fix` repairs it, `devtools` and devtool do not"),
        ('/a"b/devtool', ADVICE),
        ("/a\nb/devtool", ADVICE),
        ("", ADVICE),
    ],
)
def test_a_suggested_command_starts_as_the_person_started_devtool(typed: str, said: str) -> None:
    assert as_typed(ADVICE, {"DEVTOOL_TYPED": typed, "PATH": "/nowhere"}) == said


def test_a_command_that_a_shell_evaluates_starts_so_too() -> None:
    typed = {"DEVTOOL_TYPED": "scripts/devtool", "PATH": "/nowhere"}

    assert as_typed('`eval "$(devtool env)"`', typed) == '`eval "$(scripts/devtool env)"`'


def test_devtool_on_path_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "devtool").write_text("#!/bin/sh\n")
    (tmp_path / "devtool").chmod(0o755)

    assert program({"DEVTOOL_TYPED": "scripts/devtool", "PATH": str(tmp_path)}) == "devtool"
