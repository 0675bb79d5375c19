"""The whole way on this machine: a real server, a real suite, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from devtool.detect import detect
from devtool.system import real_system
from tests.conftest import require
from tests.support.tools import CACHE

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
DEVTOOL = [sys.executable, "-m", "devtool", "onboard", "--level", "L0"]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home of its own; environments are shared between tests, for they are 300 MB."""
    host = detect(real_system(), "/")
    require(host.os == "linux" and host.architecture == "x86_64", "the embedded server is for Linux x86-64")
    home = tmp_path / "home"
    home.mkdir()
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in ("PATH", "PIP_CERT", "SSL_CERT_FILE", "LANG")
    }
    data = CACHE / "onboard-data"
    yield {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(data),
        "XDG_STATE_HOME": str(home / "state"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    left = servers(data)
    for process in left:
        process.kill()
    assert left == []


def servers(data: Path) -> list[psutil.Process]:
    """Milvus servers whose program or data lies in that folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any("milvus" in word and str(data) in word for word in process.info["cmdline"] or ())
        and process.status() != psutil.STATUS_ZOMBIE
    ]


def onboard(env: dict[str, str], cwd: Path, *arguments: str) -> tuple[int, dict[str, object], str]:
    answer = subprocess.run(
        [*DEVTOOL, "--format", "json", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, json.loads(answer.stdout or "{}"), answer.stderr


def states(journey: dict[str, object]) -> dict[str, str]:
    steps = journey["steps"]
    assert isinstance(steps, list)
    return {step["title"]: step["state"] for step in steps}


def files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}


def test_one_command_ends_in_a_green_end_to_end_run(env: dict[str, str], tmp_path: Path) -> None:
    status, journey, told = onboard(env, tmp_path)

    assert status == 0, told
    assert journey["green"] is True
    assert states(journey)["end-to-end run"] == "done"
    assert states(journey)["clean-up"] == "done"
    assert len(journey["next"]) == 3


def test_a_dry_run_changes_and_starts_nothing(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "devtool.toml").write_text('name = "sample"\n\n[needs]\nninja = ">=99"\n')
    before = files(Path(env["HOME"]))

    status, journey, _ = onboard(env, tmp_path, "--dry-run")

    cache = str(Path(env["HOME"]) / ".cache")
    changed = {path for path in files(Path(env["HOME"])) ^ before if not path.startswith(cache)}
    assert status == 0
    assert states(journey)["Milvus"] == "planned"
    assert changed == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_milvus_starts_leaves_nothing_running(
    env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    running = subprocess.Popen(DEVTOOL, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("starting Milvus"):
            break
    time.sleep(0.5)

    running.send_signal(number)
    rest = running.stderr.read()
    running.wait(30)
    running.stderr.close()

    assert running.returncode == 128 + number
    assert "interrupted" in rest
    assert servers(Path(env["XDG_DATA_HOME"])) == []


def test_what_a_killed_run_left_running_is_ended_by_the_next(env: dict[str, str], tmp_path: Path) -> None:
    running = subprocess.Popen(DEVTOOL, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("testing"):
            break
    running.kill()
    running.wait()
    running.stderr.close()
    left = servers(Path(env["XDG_DATA_HOME"]))

    status, journey, told = onboard(env, tmp_path)

    assert left != []
    assert status == 0, told
    assert states(journey)["Milvus"] == "skipped"
    assert states(journey)["clean-up"] == "done"


def test_a_server_that_ran_before_is_left_as_it_was(env: dict[str, str], tmp_path: Path) -> None:
    deploy = [sys.executable, "-m", "devtool", "deploy"]
    subprocess.run([*deploy, "up"], cwd=tmp_path, env=env, check=True, capture_output=True)

    status, journey, _ = onboard(env, tmp_path)
    still = servers(Path(env["XDG_DATA_HOME"]))
    subprocess.run([*deploy, "down"], cwd=tmp_path, env=env, check=True, capture_output=True)

    assert status == 0
    assert states(journey)["clean-up"] == "skipped"
    assert still != []
