"""The project lives under the rule it enforces: every commit of its own is signed off by its author."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import require

ROOT = Path(__file__).parents[2]


def test_every_commit_is_signed_off_by_its_author() -> None:
    require((ROOT / ".git").exists(), "not a clone: there is no history to look at")
    log = ["git", "log", "--no-merges", "-z", "--format=%h%n%an <%ae>%n%B"]
    answer = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=True)

    unsigned = []
    for commit in filter(None, answer.stdout.split("\0")):
        name, author, message = commit.split("\n", 2)
        if f"Signed-off-by: {author}" not in message.splitlines():
            unsigned.append(name)

    assert answer.stdout
    assert unsigned == []
