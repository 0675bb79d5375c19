"""One gRPC call by hand, against what real servers were seen to send."""

from __future__ import annotations

import pytest

from devtool.adapters.grpc import server_version, speaks_http2
from tests.support import FakeNetwork, fake_system
from tests.support.milvus import SETTINGS, frame, version_reply


def ask(reply: bytes | OSError) -> tuple[str | None, bool]:
    system = fake_system(network=FakeNetwork(replies={("h", 1): reply}))
    return server_version(system, "h", 1), speaks_http2(system, "h", 1)


def test_a_milvus_server_gives_its_version() -> None:
    assert ask(version_reply("v2.3.5-lite")) == ("v2.3.5-lite", True)


@pytest.mark.parametrize(
    ("reply", "http2"),
    [
        (SETTINGS + frame(1, 5, b"\x88\x5f"), True),  # an error, in headers alone
        (SETTINGS + frame(0, 0, b"\0\0\0\0\2\x12\x7f"), True),  # cut short
        (SETTINGS + frame(0, 0, b"\0\0\0\0\2\xff\xff\xff"), True),  # no protobuf
        (SETTINGS, True),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False),
        (b"<html>", False),
        (b"", False),
        (ConnectionResetError(104, "Connection reset by peer"), False),
    ],
)
def test_anything_else_gives_no_version(reply: bytes | OSError, http2: bool) -> None:
    assert ask(reply) == (None, http2)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "flood",
    [SETTINGS + frame(6, 0, b"") * 100_000, SETTINGS + frame(0, 1, b"\0\0\0\0\0" + b"\xff" * 1_000_000)],
)
def test_a_flood_is_read_in_a_moment(flood: bytes) -> None:
    assert ask(flood) == (None, True)
