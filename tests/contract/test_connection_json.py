"""What `devtool connect --format json` says, held against its schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from devtool.model.connection import LAYERS, Address
from devtool.render.connection import render_json
from devtool.workflows.connecting.reaching import reach
from tests.support import FakeNetwork, fake_system
from tests.support.milvus import version_reply

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "connection.json").read_text())
COMPLETE = version_reply("v2.5.0")[:-9] + b"\0\0\x0f\1\5\0\0\0\1\x10\x0bgrpc-status\x010"


@pytest.mark.parametrize("answer", [COMPLETE, b"SSH-2.0-x\r\n", None])
def test_every_kind_of_answer_keeps_its_schema(answer: bytes | None) -> None:
    replies = {("10.0.0.1", 19530): answer} if answer else {}
    connection = reach(fake_system(network=FakeNetwork(replies=replies)), Address("x", "10.0.0.1"))

    data = json.loads(render_json(connection))

    jsonschema.validate(data, SCHEMA)
    assert data["usable"] is (answer == COMPLETE)
    assert SCHEMA["properties"]["layers"]["items"]["properties"]["name"]["enum"] == list(LAYERS)
