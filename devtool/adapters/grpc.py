"""One unary gRPC call by hand, to learn what a server says without installing a client.

HTTP/2 (RFC 9113) as far as a single request needs it: headers go out as
literals that are never indexed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from devtool.adapters.hpack import HeaderReader
from devtool.system import System

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RESET, _SETTINGS, _GOAWAY = 0, 1, 3, 4, 7
_END_STREAM, _END_HEADERS, _PADDED, _PRIORITY = 1, 4, 8, 32
_LITERAL_BYTES = 127
_VARINT_BITS = 70
_GET_VERSION = "/milvus.proto.milvus.MilvusService/GetVersion"


@dataclass(frozen=True)
class Reply:
    """What came back on a request."""

    speaks: bool
    """Whether the other side speaks HTTP/2 at all."""
    status: int | None
    """gRPC's own; None when the answer did not come to its end."""
    said: str
    """The server's words for a status other than 0."""
    message: bytes
    http_status: str | None


def request(path: str, authority: str, metadata: Mapping[str, str], *, secure: bool) -> bytes:
    """The bytes of a call with an empty message, and its metadata."""
    fields = {
        ":method": "POST",
        ":scheme": "https" if secure else "http",
        ":path": path,
        ":authority": authority,
        "content-type": "application/grpc",
        "te": "trailers",
        **metadata,
    }
    # Never indexed: what is in there may be a password.
    headers = b"".join(b"\x10" + _literal(name) + _literal(value) for name, value in fields.items())
    return (
        _PREFACE
        + _frame(_SETTINGS, 0, 0, b"")
        + _frame(_HEADERS, _END_HEADERS, 1, headers)
        + _frame(_DATA, _END_STREAM, 1, b"\0\0\0\0\0")  # not compressed, an empty message
    )


def answered(received: bytes) -> bool:
    """Whether that is all there will be of an answer."""
    return _answered(received)


def read_reply(received: bytes) -> Reply:
    """What a server's bytes mean."""
    reader = HeaderReader()
    fields: dict[str, str] = {}
    data = b""
    for kind, flags, payload in _frames(received):
        if kind == _HEADERS:
            start = 1 if flags & _PADDED else 0
            end = len(payload) - (payload[0] if start and payload else 0)
            start += 5 if flags & _PRIORITY else 0
            fields |= dict(reader.read(payload[start:end]))
        elif kind == _DATA:
            data += payload
    status = fields.get("grpc-status", "")
    return Reply(
        received[3:4] == bytes([_SETTINGS]),
        int(status) if status.isdigit() else None,
        unquote(fields.get("grpc-message", "")),
        data[5:],
        fields.get(":status"),
    )


def contents(message: bytes, wanted: int) -> list[bytes]:
    """The contents of every length-delimited protobuf field with that number."""
    found: list[bytes] = []
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        if tag & 7 == 0:
            _, position = _varint(message, position)
        elif tag & 7 == 2:
            length, position = _varint(message, position)
            if tag >> 3 == wanted:
                found.append(message[position : position + length])
            position += length
        else:
            break
    return found


def number(message: bytes, wanted: int) -> int:
    """The value of a numeric protobuf field; 0, its default, where there is none."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        if tag & 7 == 0:
            value, position = _varint(message, position)
            if tag >> 3 == wanted:
                return value
        elif tag & 7 == 2:
            length, position = _varint(message, position)
            position += length
        else:
            break
    return 0


def server_version(system: System, host: str, port: int, timeout_seconds: float = 3.0) -> str | None:
    """The version that the Milvus server behind the port gives, or None when it gives none."""
    received = system.network.exchange(host, port, _request(host, port), _answered, timeout_seconds)
    if isinstance(received, OSError):
        return None
    message = b"".join(payload for kind, _, payload in _frames(received) if kind == _DATA)[5:]
    # GetVersionResponse: 1 is the status, 2 the version.
    version = next(iter(contents(message, 2)), b"")
    return version.decode("utf-8", "replace").strip() or None


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


def _literal(text: str) -> bytes:
    encoded = text.encode()
    length = len(encoded)
    if length < _LITERAL_BYTES:
        return bytes([length]) + encoded
    prefix, rest = bytearray([_LITERAL_BYTES]), length - _LITERAL_BYTES
    while rest >= 128:
        prefix.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*prefix, rest]) + encoded


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


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message) and shift < _VARINT_BITS:
        byte = message[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            break
    return value, position
