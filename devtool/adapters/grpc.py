"""One unary gRPC call by hand, to learn a server's version without installing a client.

HTTP/2 (RFC 9113) as far as a single request needs it: headers go out as
literals, those that come back are not decoded.
"""

from __future__ import annotations

from devtool.system import System

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RESET, _SETTINGS, _GOAWAY = 0, 1, 3, 4, 7
_END_STREAM, _END_HEADERS = 1, 4
_VARINT_BITS = 70
_GET_VERSION = "/milvus.proto.milvus.MilvusService/GetVersion"


def server_version(system: System, host: str, port: int, timeout_seconds: float = 3.0) -> str | None:
    """The version that the Milvus server behind the port gives, or None when it gives none."""
    received = system.network.exchange(host, port, _request(host, port), _answered, timeout_seconds)
    if isinstance(received, OSError):
        return None
    message = b"".join(payload for kind, _, payload in _frames(received) if kind == _DATA)[5:]
    # GetVersionResponse: 1 is the status, 2 the version.
    version = _field(message, 2)
    return version.decode("utf-8", "replace").strip() or None if version else None


def speaks_http2(system: System, host: str, port: int, timeout_seconds: float = 3.0) -> bool:
    """Whether what listens there answers as an HTTP/2 server does, which every gRPC server is."""
    received = system.network.exchange(host, port, _request(host, port), _answered, timeout_seconds)
    return not isinstance(received, OSError) and received[3:4] == bytes([_SETTINGS])


def _request(host: str, port: int) -> bytes:
    fields = (
        (":method", "POST"),
        (":scheme", "http"),
        (":path", _GET_VERSION),
        (":authority", f"{host}:{port}"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    )
    headers = b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)
    return (
        _PREFACE
        + _frame(_SETTINGS, 0, 0, b"")
        + _frame(_HEADERS, _END_HEADERS, 1, headers)
        + _frame(_DATA, _END_STREAM, 1, b"\0\0\0\0\0")  # not compressed, an empty message
    )


def _text(text: str) -> bytes:
    encoded = text.encode()[:126]  # a longer one would need HPACK's continued lengths
    return bytes([len(encoded)]) + encoded


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def _frames(received: bytes) -> list[tuple[int, int, bytes]]:
    """Type, flags and payload of every whole frame."""
    frames: list[tuple[int, int, bytes]] = []
    start = 0
    while len(received) >= start + 9:
        end = start + 9 + int.from_bytes(received[start : start + 3], "big")
        if len(received) < end:
            break
        frames.append((received[start + 3], received[start + 4], received[start + 9 : end]))
        start = end
    return frames


def _answered(received: bytes) -> bool:
    if received[:4] and received[3:4] != bytes([_SETTINGS]) and len(received) > 3:
        return True  # no HTTP/2 at all
    return any(
        kind in (_RESET, _GOAWAY) or (kind in (_DATA, _HEADERS) and flags & _END_STREAM)
        for kind, flags, _ in _frames(received)
    )


def _field(message: bytes, wanted: int) -> bytes | None:
    """The content of a length-delimited protobuf field, the first with that number."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        if tag & 7 == 0:
            _, position = _varint(message, position)
        elif tag & 7 == 2:
            length, position = _varint(message, position)
            if tag >> 3 == wanted:
                return message[position : position + length]
            position += length
        else:
            return None
    return None


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message) and shift < _VARINT_BITS:
        byte = message[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            break
    return value, position
