"""A real Milvus, from `deploy up` to nothing left running, and the smoke suite against it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.system import real_system
from tests.conftest import require
from tests.support.tools import CACHE

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
NETWORK = real_system().network


class Devtool:
    """The command line with state and data of its own; environments are shared between tests."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data" / "devtool"
        data.mkdir(parents=True)
        (CACHE / "environments").mkdir(parents=True, exist_ok=True)
        (data / "environments").symlink_to(CACHE / "environments")
        self.folder = folder
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))},
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_DATA_HOME": str(folder / "data"),
        }

    def __call__(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "devtool", *argv],
            env=self.env, capture_output=True, text=True, check=False, timeout=300,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def deployments(self) -> dict[str, dict[str, Any]]:
        answer = self("deploy", "status", "--format", "json")
        return {each["name"]: each for each in json.loads(answer.stdout)["deployments"]}


@pytest.fixture(scope="module")
def devtool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devtool]:
    require(sys.platform in ("linux", "darwin"), "no Milvus server runs here without containers")
    tool = Devtool(tmp_path_factory.mktemp("with space"))
    yield tool
    for name in tool.deployments():
        tool("deploy", "down", "--name", name)


def up(devtool: Devtool, *argv: str) -> dict[str, Any]:
    answer = devtool("deploy", "up", "--format", "json", *argv)
    assert answer.returncode == 0, answer.stderr
    deployment: dict[str, Any] = json.loads(answer.stdout)["deployments"][0]
    assert deployment["state"] == "running"
    return deployment


def ports(devtool: Devtool, name: str) -> tuple[int, ...]:
    record = devtool.folder / "state/devtool/deploy" / name / "deployment.json"
    return tuple(json.loads(record.read_text())["ports"].values())


def assert_gone(devtool: Devtool, name: str, pid: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
    assert NETWORK.listeners(ports(devtool, name)) == ()


def client(devtool: Devtool, program: str, uri: str) -> str:
    """What a program prints that the smoke suite's own client runs."""
    python = next((CACHE / "environments").glob("smoke-2.3.7-*/bin/python"))
    answer = subprocess.run(
        [str(python), "-W", "ignore", "-c", program, uri],
        capture_output=True, text=True, check=False, env=devtool.env, timeout=120,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


FILL = """
import sys
from pymilvus import *
connections.connect(uri=sys.argv[1])
fields = [FieldSchema("id", DataType.INT64, is_primary=True), FieldSchema("v", DataType.FLOAT_VECTOR, dim=2)]
kept = Collection("kept", CollectionSchema(fields))
kept.insert([[1, 2, 3], [[0.0, 1.0]] * 3])
kept.flush()
"""
COUNT = """
import sys
from pymilvus import *
connections.connect(uri=sys.argv[1])
print(Collection("kept").num_entities, sorted(utility.list_collections()))
"""


def test_a_server_lives_passes_is_killed_recovers_and_leaves_nothing(devtool: Devtool) -> None:
    first = up(devtool)

    smoke = devtool("test", "smoke", "--format", "json", "--junit", str(devtool.folder / "junit.xml"))
    result = json.loads(smoke.stdout)
    assert (smoke.returncode, result["counts"]["failed"], result["counts"]["skipped"]) == (0, 0, 0), (
        smoke.stdout
    )
    assert result["counts"]["passed"] >= 35
    assert (result["server"], result["client"]) == ("v2.3.5-lite", "pymilvus 2.3.7")
    assert b"<testcase" in (devtool.folder / "junit.xml").read_bytes()

    again = devtool("deploy", "up", "--format", "json")
    assert json.loads(again.stdout)["deployments"][0]["pid"] == first["pid"]
    assert "already running: nothing to do" in again.stderr

    client(devtool, FILL, first["uri"])
    os.kill(first["pid"], signal.SIGKILL)
    time.sleep(0.5)
    killed = devtool("deploy", "status")
    assert (killed.returncode, killed.stdout.split()[1]) == (1, "killed")

    second = up(devtool)
    assert second["uri"] == first["uri"]
    # The smoke suite dropped all its own.
    assert client(devtool, COUNT, second["uri"]) == "3 ['kept']"

    down = devtool("deploy", "down")
    assert down.returncode == 0
    assert_gone(devtool, "default", second["pid"])
    assert "is stopped" in devtool("deploy", "down").stdout


def test_two_servers_stand_beside_each_other(devtool: Devtool) -> None:
    one, two = up(devtool, "--name", "one"), up(devtool, "--name", "two")

    assert set(ports(devtool, "one")).isdisjoint(ports(devtool, "two"))
    client(devtool, FILL, two["uri"])
    assert client(devtool, "import sys; from pymilvus import *; connections.connect(uri=sys.argv[1]); "
                  "print(utility.list_collections())", one["uri"]) == "[]"  # fmt: skip
    devtool("deploy", "down", "--name", "one")
    assert_gone(devtool, "one", one["pid"])
    assert devtool.deployments()["two"]["state"] == "running"
    devtool("deploy", "down", "--name", "two")
    assert_gone(devtool, "two", two["pid"])


def test_three_rounds_leave_nothing_behind(devtool: Devtool) -> None:
    for _ in range(3):
        deployment = up(devtool, "--name", "rounds")
        assert devtool("deploy", "down", "--name", "rounds").returncode == 0
        assert_gone(devtool, "rounds", deployment["pid"])


def test_damaged_data_is_named_and_left_as_it_is(devtool: Devtool) -> None:
    damaged = Path(up(devtool, "--name", "damaged")["data"])
    devtool("deploy", "down", "--name", "damaged")
    database = damaged / "etcd/member/snap/db"
    database.write_bytes(b"nonsense" * 4096)

    answer = devtool("deploy", "up", "--name", "damaged")

    assert answer.returncode == 1
    assert f"the data in `{damaged}` may be damaged: nothing was deleted" in answer.stderr
    assert database.read_bytes() == b"nonsense" * 4096
    assert devtool.deployments()["damaged"]["state"] == "stopped"


def test_a_terminated_start_ends_the_server(devtool: Devtool) -> None:
    starting = subprocess.Popen(
        [sys.executable, "-m", "devtool", "deploy", "up", "--name", "cut"],
        env=devtool.env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    record = devtool.folder / "state/devtool/deploy/cut/deployment.json"
    while not (record.exists() and (pid := json.loads(record.read_text())["pid"])):
        time.sleep(0.02)

    starting.terminate()

    assert starting.wait(30) == 128 + signal.SIGTERM
    assert_gone(devtool, "cut", pid)


def test_milvus_lite_serves_where_no_embedded_server_does(devtool: Devtool) -> None:
    deployment = up(devtool, "--name", "lite", "--mode", "lite")

    smoke = devtool("test", "smoke", "--uri", deployment["uri"])

    assert smoke.returncode == 0, smoke.stdout
    devtool("deploy", "down", "--name", "lite")
    assert_gone(devtool, "lite", deployment["pid"])


def test_a_dead_address_is_answered_in_a_moment(devtool: Devtool) -> None:
    started = time.monotonic()

    answer = devtool("test", "smoke", "--uri", f"http://127.0.0.1:{NETWORK.free_port(0)}")

    assert answer.returncode == 1
    assert answer.stderr.startswith("devtool: nothing listens on 127.0.0.1:")
    assert time.monotonic() - started < 5
