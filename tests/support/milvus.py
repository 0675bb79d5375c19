"""What a Milvus server says on its ports, for `FakeNetwork`."""

from __future__ import annotations

from devtool.system.network import HttpAnswer

SETTINGS = b"\0\0\0\4\0\0\0\0\0"


def frame(kind: int, flags: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags, 0, 0, 0, 1]) + payload


def version_reply(version: str) -> bytes:
    """An HTTP/2 conversation that answers GetVersion."""
    status, text = b"\x0a\x02\x08\x00", version.encode()
    message = status + b"\x12" + bytes([len(text)]) + text
    data = b"\0" + len(message).to_bytes(4, "big") + message
    return SETTINGS + frame(1, 4, b"\x88") + frame(0, 0, data) + frame(1, 5, b"")


def healthy(metrics: int = 9091) -> dict[str, HttpAnswer]:
    return {f"http://127.0.0.1:{metrics}/healthz": HttpAnswer(200, "OK")}


def starting(metrics: int = 9091) -> dict[str, HttpAnswer]:
    return {f"http://127.0.0.1:{metrics}/healthz": HttpAnswer(500, "component proxy state is Abnormal")}
