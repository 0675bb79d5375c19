"""Speaking to an engine's API without an HTTP library, whose import alone costs 15 ms."""

from __future__ import annotations

import socket
from typing import NamedTuple

from devtool.model.carrying import Call

_LONGEST_ANSWER_BYTES = 32 * 1024**2
_HEAD_END = b"\r\n\r\n"


class Reply(NamedTuple):
    """What an engine said."""

    status: int
    body: bytes


def call(url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
    """One request and all of its answer, or the error that stood in the way."""
    try:
        with connect(url, timeout_seconds) as connection:
            connection.sendall(_message(method, request, "1.0", ()))
            received = bytearray()
            while len(received) < _LONGEST_ANSWER_BYTES and (piece := connection.recv(262144)):
                received += piece
    except OSError as error:
        return error
    head, _, body = bytes(received).partition(_HEAD_END)
    status = _status(head)
    return OSError(f"no HTTP server behind {url}") if status is None else Reply(status, body)


def stream(url: str, request: Call, timeout_seconds: float) -> tuple[socket.socket, bytes] | Reply | OSError:
    """A request that turns its connection into a stream, and what came of it already; or why it does not."""
    try:
        connection = connect(url, timeout_seconds)
    except OSError as error:
        return error
    try:
        upgrade = ("Connection: Upgrade", "Upgrade: tcp")
        connection.sendall(_message("POST", request, "1.1", upgrade))
        received = bytearray()
        while _HEAD_END not in received and (piece := connection.recv(65536)):
            received += piece
        head, _, rest = bytes(received).partition(_HEAD_END)
        status = _status(head)
        if status == 101:
            connection.settimeout(None)
            return connection, rest
        length = _length(head)
        while len(rest) < length and (piece := connection.recv(65536)):
            rest += piece
    except OSError as error:
        connection.close()
        return error
    connection.close()
    return OSError(f"no HTTP server behind {url}") if status is None else Reply(status, rest)


def connect(url: str, timeout_seconds: float) -> socket.socket:
    """A connection to the engine at `unix://PATH`, `tcp://HOST:PORT` or `tls://HOST:PORT?verify#FOLDER`.

    Or through the ssh of `dial://PATH#ENGINE`. Raises OSError.
    """
    scheme, _, place = url.partition("://")
    if scheme == "dial":
        from devtool.system.dialling import dial

        control, _, engine = place.partition("#")
        connection = dial(control, engine)
        connection.settimeout(timeout_seconds)
        return connection
    if scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout_seconds)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    return _connect_tcp(scheme, place, timeout_seconds)


def _connect_tcp(scheme: str, place: str, timeout_seconds: float) -> socket.socket:
    place, _, folder = place.partition("#")
    place, _, manner = place.partition("?")
    host, _, port = place.rpartition(":")
    host = host.strip("[]")
    connection = socket.create_connection((host, int(port) if port.isdigit() else 2375), timeout_seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # An engine that vanished without a word is noticed within minutes, not hours.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if scheme != "tls":
        return connection
    from devtool.system.secured import secure  # TLS costs 30 ms to import

    try:
        plain = secure(connection, host, folder, verify=manner == "verify")
    except OSError:
        connection.close()
        raise
    plain.settimeout(timeout_seconds)
    return plain


def _message(method: str, request: Call, version: str, more: tuple[str, ...]) -> bytes:
    lines = [f"{method} {request.target} HTTP/{version}", "Host: docker", *more]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(request.body)}"]
    return "\r\n".join(lines).encode() + _HEAD_END + request.body


def _status(head: bytes) -> int | None:
    words = head.split(None, 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0
