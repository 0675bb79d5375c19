"""What speaks on a port where Milvus was looked for, by its first words."""

from __future__ import annotations

import re

from devtool.model.connection import Address, Fault
from devtool.system import System
from devtool.workflows.connecting.faults import place, plaintext_to_tls

_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
_GREETINGS = (
    (rb"^SSH-", "an SSH server"),
    (rb"^-(?:ERR|DENIED|NOAUTH)|^\+OK", "Redis or its like"),
    (rb"^.\x00\x00\x00\x0a[\d.]+|^.\x00\x00[\x00\x01]\xff", "MySQL"),
    (rb"^(?:220|554)[ -]", "a mail or file server"),
    (rb"^E\x00\x00|^R\x00\x00", "PostgreSQL"),
)
_USE = "use the port of Milvus's proxy, 19530 by default"


def stranger(system: System, address: Address, line: str, received: bytes, limit_seconds: float) -> Fault:
    """Who it is that answered so; `line` is the IP address it answered at."""
    if received.startswith(_TLS_RECORDS) or b"HTTP request to an HTTPS server" in received:
        return plaintext_to_tls(address)
    where = place(address)
    if received.startswith(b"HTTP/") or received.lstrip()[:5].lower() in (b"<html", b"<!doc"):
        return _web_server(system, address, line, received, limit_seconds)
    for pattern, name in _GREETINGS:
        if re.search(pattern, received):
            return Fault("other-protocol", f"{where} is {name}, not Milvus", _USE)
    said = received[:40].decode("ascii", "replace")
    return Fault("other-protocol", f"{where} speaks neither HTTP/2 nor TLS; it said `{said}`", _USE)


def _web_server(system: System, address: Address, line: str, received: bytes, limit_seconds: float) -> Fault:
    where = place(address)
    if address.secure:
        return Fault("http-port", f"{where} is an HTTPS server without HTTP/2, not Milvus's gRPC", _USE)
    head = _get(system, address, line, "/", limit_seconds)
    server = re.search(r"(?im)^server: *([^\r\n]{1,60})", head)
    if "minio" in (server[1].lower() if server else "") or "x-minio" in head.lower():
        return Fault("minio-port", f"{where} is MinIO, the storage of Milvus, not Milvus itself", _USE)
    health = _get(system, address, line, "/healthz", limit_seconds)
    body = health.partition("\r\n\r\n")[2].strip()
    if address.port == 9091 or "component " in body or (body == "OK" and not server):
        return Fault(
            "metrics-port",
            f"{where} is Milvus's port for metrics and health, which speaks HTTP/1, not the one for clients",
            _USE,
        )
    named = f" ({server[1].strip()})" if server else ""
    return Fault("http-port", f"{where} is a web server{named}: it speaks HTTP/1, not gRPC", _USE)


def _get(system: System, address: Address, line: str, path: str, limit_seconds: float) -> str:
    request = f"GET {path} HTTP/1.0\r\nHost: {place(address)}\r\n\r\n".encode()
    answer = system.network.talk(line, address.port, request, lambda _: False, min(limit_seconds, 1.0))
    return answer.received.decode("utf-8", "replace")
