"""The environment of the person's command."""

from __future__ import annotations

import os
import subprocess
import sys

from devtool.system.following.launch import own_environment

PROGRAM = """
import os
from devtool.system.following.launch import own_environment
print(sorted(own_environment(os.environ)))
"""


def test_the_launchers_word_is_not_the_persons() -> None:
    assert own_environment({"DEVTOOL_TYPED": "scripts/devtool", "A": ""}) == {"A": ""}


def test_a_locale_that_the_interpreter_chose_is_not_the_persons() -> None:
    env = {"PATH": os.environ["PATH"]}

    chosen = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
    )
    given = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**env, "LC_CTYPE": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (chosen.stdout, given.stdout) == ("['PATH']\n", "['LC_CTYPE', 'PATH']\n")
