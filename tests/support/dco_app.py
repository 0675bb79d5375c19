"""The DCO app's own rule, run by Node.js: fetched copies outside this repository, never part of it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.tools import CACHE

COMMIT = "83946bbf5bbf63bd84d04aaa15ce55931b95d8f2"
SOURCE = "https://github.com/dcoapp/app"
VALIDATOR = "email-validator@2.0.4"
ANSWERING = """
const judge = require("./lib/dco.js");
const lines = require("readline").createInterface({ input: process.stdin });
(async () => {
  for await (const line of lines) {
    const { commits, allowed } = JSON.parse(line);
    const failed = await judge(commits, async () => true, "", allowed);
    console.log(JSON.stringify(failed.map(({ sha, message }) => [sha, message])));
  }
})();
"""


@dataclass
class DcoApp:
    """A running copy of the rule."""

    child: subprocess.Popen[str]

    def judge(self, commits: list[dict[str, Any]], individual: bool, third_party: bool) -> dict[str, str]:
        """The app's message for each commit that fails."""
        allowed = {"individual": individual, "thirdParty": third_party}
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(json.dumps({"commits": commits, "allowed": allowed}) + "\n")
        self.child.stdin.flush()
        return dict(json.loads(self.child.stdout.readline()))


def start() -> DcoApp:
    """Start it; skips where it cannot be had.

    `DEVTOOL_DCO_APP` names a clone of the app for machines that do not reach GitHub. Absence skips in CI
    too: the app is no tool that we or our users run.
    """
    folder = CACHE / f"dco-app-{COMMIT[:10]}"
    if not (folder / "complete").exists():
        (folder / "lib").mkdir(parents=True, exist_ok=True)
        (folder / "lib/dco.js").write_bytes(_rule(folder))
        (folder / "answer.js").write_text(ANSWERING)
        _ran("npm", "install", "--silent", "--no-save", "--prefix", str(folder), VALIDATOR)
        (folder / "complete").touch()
    try:
        child = subprocess.Popen(
            ["node", "answer.js"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        pytest.skip("no Node.js to run the DCO app's rule")
    return DcoApp(child)


def stop(app: DcoApp) -> None:
    assert app.child.stdin
    assert app.child.stdout
    app.child.stdin.close()
    app.child.stdout.close()
    app.child.wait(10)


def _rule(folder: Path) -> bytes:
    source = os.environ.get("DEVTOOL_DCO_APP", SOURCE)
    copy = str(folder / "app.git")
    _ran("git", "init", "-q", "--bare", copy)
    _ran("git", "-C", copy, "fetch", "-q", "--depth=1", source, COMMIT)
    return _ran("git", "-C", copy, "show", "FETCH_HEAD:lib/dco.js")


def _ran(*argv: str) -> bytes:
    env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(argv, check=True, capture_output=True, timeout=60, env=env).stdout
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", b"") or b""
        reason = said.decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
        pytest.skip(f"the DCO app's rule cannot be had: `{' '.join(argv[:3])}`: {reason[0]}")
