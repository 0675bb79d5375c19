"""Reaching, watching and snippets, with a network that answers as told."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import devtool.workflows.connecting
from devtool.errors import InputError
from devtool.knowledge.library import failure_ids
from devtool.model.connection import Address, Connection
from devtool.render.connection import render_json, render_json_line, render_line, render_text
from devtool.workflows.connecting.reaching import reach
from devtool.workflows.connecting.snippets import snippet
from devtool.workflows.connecting.watching import pause, watch
from tests.conftest import require
from tests.support import FakeClock, FakeFiles, FakeNetwork, fake_system
from tests.support.milvus import SETTINGS, frame, version_reply

SECURED = Address(
    "the command line", "host", 443, True, token="me:hunter2", database="prod", authority="/ca.pem",
    server_name="milvus.example", alias="prod",
)  # fmt: skip
PLAIN = Address("the command line", "10.0.0.1", 19530, token="hunter2")


def test_a_refusal_reads_as_layers_cause_and_cure() -> None:
    connection = reach(fake_system(network=FakeNetwork(names={"h": ("10.0.0.1",)})), Address("x", "h"))

    assert render_text(connection).splitlines() == [
        "http://h:19530 (x)",
        "ok    address                   http://h:19530",
        "ok    name              0.0 ms  10.0.0.1",
        "FAIL  tcp                       Connection refused",
        "",
        "not usable [refused]",
        "      why:  nothing listens on h:19530: the connection was refused",
        "      cure: see whether the server runs there, and whether its port is published",
        "      more: `devtool explain pymilvus-connect-failed`",
    ]
    assert render_line(connection).startswith("not usable [refused] nothing listens on h:19530")


def test_text_and_json_come_from_one_value() -> None:
    connection = reach(fake_system(network=FakeNetwork()), PLAIN)

    data = json.loads(render_json(connection))

    assert json.loads(render_json_line(connection)) == data
    assert data["fault"]["cause"] in render_text(connection, width=200)
    assert "hunter2" not in render_json(connection) + render_text(connection) + repr(PLAIN)


def test_a_refusing_address_gives_way_to_the_next_one_of_the_name() -> None:
    said = version_reply("v2.5.0")[:-9] + frame(1, 5, b"\x10\x0bgrpc-status\x010")
    network = FakeNetwork(names={"h": ("::1", "127.0.0.1")}, replies={("127.0.0.1", 19530): said})

    connection = reach(fake_system(network=network), Address("x", "h"))

    assert (connection.fault, connection.server) == (None, "v2.5.0")


def answer(status: int, said: str = "", code: int = 0, reason: str = "") -> bytes:
    """What Milvus's port says to any call: gRPC's status, and Milvus's own within the message."""
    own = b"\x12" + bytes([len(reason)]) + reason.encode() + b"\x18" + bytes([code & 127 | 128, code >> 7])
    message = b"\x0a" + bytes([len(own)]) + own
    words = b"\0\x0cgrpc-message" + bytes([len(said)]) + said.encode()
    trailers = b"\0\x0bgrpc-status" + bytes([len(str(status))]) + str(status).encode() + words
    data = b"\0" + len(message).to_bytes(4, "big") + message
    return SETTINGS + frame(1, 4, b"\x88") + frame(0, 0, data) + frame(1, 5, trailers)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer(14, "Milvus Proxy is not ready yet. please wait"), "not-ready"),
        (answer(16, "missing authorization in header"), "credentials-wrong"),
        (answer(12, "unknown service milvus.proto.milvus.MilvusService"), "other-grpc"),
        (answer(0, "", 800, "database not found[database=x]"), "database-missing"),
        (answer(0, "", 1100, "empty grpc client: find no available rootcoord"), "not-ready"),
        (answer(0, "", 1100, "something else"), "call-failed"),
        (answer(0, "", 1100, "permission deny to this user"), None),
    ],
)
def test_what_milvus_itself_says_is_understood(said: bytes, expected: str | None) -> None:
    network = FakeNetwork(replies={("10.0.0.1", 19530): said})

    connection = reach(fake_system(network=network), PLAIN)

    assert (connection.fault.id if connection.fault else None) == expected


@pytest.mark.parametrize(
    ("files", "path", "expected"),
    [
        ({"/a/x.db": "SQLite format 3\0rest"}, "/a/x.db", None),
        ({"/a/x.db": "something else"}, "/a/x.db", "file-foreign"),
        ({"/a/x.db/LOCK": ""}, "/a/x.db", None),
        ({"/a/y": ""}, "/a/x.db", None),
        ({}, "/none/x.db", "file-missing"),
    ],
)
def test_a_file_of_milvus_lite_is_looked_at(files: dict[str, str], path: str, expected: str | None) -> None:
    connection = reach(fake_system(files=FakeFiles(files)), Address("x", path=path))

    assert (connection.fault.id if connection.fault else None) == expected


def test_every_known_failure_that_a_fault_names_exists() -> None:
    folder = Path(devtool.workflows.connecting.__file__).parent
    named = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r'"((?:pymilvus|network)-[a-z-]+)"', path.read_text())
    }

    assert len(named) >= 4
    assert named <= set(failure_ids())


def test_pauses_grow_while_it_is_away_and_stay_bounded() -> None:
    assert [pause(5.0, failures) for failures in range(8)] == [5.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert pause(60.0, 9) == 60.0


def test_a_watch_tells_changes_alone() -> None:
    told: list[Connection] = []
    clock = FakeClock()
    system = replace(fake_system(network=FakeNetwork()), clock=clock)

    last = watch(system, PLAIN, 5.0, 4, told.append)

    assert [c.fault.id for c in told if c.fault] == ["refused"]
    assert last.exit_status == 1
    assert clock.time == 1_700_000_007.0


@pytest.mark.parametrize("address", [SECURED, PLAIN, replace(PLAIN, token=None)])
def test_every_snippet_is_whole_and_holds_no_secret(address: Address, tmp_path: Path) -> None:
    code = {language: snippet(address, language) for language in ("python", "python-orm", "java", "node")}
    code["go"] = snippet(replace(address, authority=None), "go")

    assert not any("hunter2" in text for text in code.values())
    ast.parse(code["python"])
    ast.parse(code["python-orm"])
    assert "connections" not in code["python"]
    assert "MilvusClient" not in code["python-orm"]


@pytest.mark.real
@pytest.mark.parametrize("address", [SECURED, PLAIN])
def test_compilers_take_the_snippets(address: Address, tmp_path: Path) -> None:
    require(all(map(shutil.which, ("gofmt", "node", "javac"))), "not every compiler is here")
    go = snippet(replace(address, authority=None), "go") + "\n"
    (tmp_path / "connect.js").write_text(snippet(address, "node"))
    (tmp_path / "Connect.java").write_text(snippet(address, "java"))

    formatted = subprocess.run(["gofmt"], input=go, capture_output=True, text=True, check=False)
    node = subprocess.run(["node", "--check", "connect.js"], cwd=tmp_path, capture_output=True, check=False)
    java = subprocess.run(
        ["javac", "Connect.java"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (formatted.stdout, node.returncode) == (go, 0)
    # Without the library nothing but its names is missing.
    errors = [line for line in java.stderr.splitlines() if ": error: " in line]
    assert errors
    assert all("does not exist" in line or "cannot find symbol" in line for line in errors), java.stderr


def test_a_file_of_milvus_lite_has_snippets_in_python_alone() -> None:
    lite = Address("x", path="/a/x.db")

    assert 'uri="/a/x.db"' in snippet(lite, "python")
    with pytest.raises(InputError, match="opens no file of Milvus Lite"):
        snippet(lite, "go")
