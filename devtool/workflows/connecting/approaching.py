"""From an address to a line that Milvus answers on: name, TCP, what speaks there, TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from devtool.adapters.grpc import Reply, answered, read_reply, request
from devtool.adapters.milvus.calls import GET_VERSION
from devtool.model.connection import Address, Connection, Fault, Layer
from devtool.system import System
from devtool.system.talking import Talk, Trust
from devtool.workflows.connecting import certificates, faults
from devtool.workflows.connecting.strangers import stranger

PATIENCE_SECONDS = 2.5
"""How long we wait ourselves where a shorter limit ran out, to tell slow from dead."""
_ADDRESS = re.compile(r"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*")


@dataclass(frozen=True)
class Line:
    """Where Milvus can be called."""

    ip: str
    trust: Trust | None


def trust_of(address: Address) -> Trust | None:
    """How TLS is to be spoken with that server; None for plain text."""
    if not address.secure:
        return None
    name = address.server_name or address.host
    return Trust(name, address.authority, address.certificate, address.key)


def approach(
    system: System, address: Address, connection: Connection
) -> tuple[Connection, Line | None, Reply | None]:
    """The layers up to the first answer over HTTP/2, which comes with its line."""
    connection, addresses = _resolved(system, address, connection)
    if not addresses:
        return connection, None, None
    trust = trust_of(address)
    line, talk = Line(addresses[0], trust), Talk("connecting", "timed-out")
    for number, ip in enumerate(addresses):
        line = Line(ip, trust)
        talk = _talk(system, address, line, max(address.limit_seconds / (2 if number else 1), 0.001))
        if talk.step != "connecting":
            break
    limit, waited = address.limit_seconds, talk
    if talk.trouble == "timed-out" and limit < PATIENCE_SECONDS:
        waited = _talk(system, address, line, PATIENCE_SECONDS)
        if waited.trouble is None or waited.step != talk.step:
            took = waited.answer_seconds or waited.connect_seconds
            fault = faults.too_short(address, limit, took)
            step = "tcp" if talk.step == "connecting" else "protocol"
            return connection.with_layer(Layer(step, "failed", "too slow for its limit"), fault), None, None
        limit, talk = PATIENCE_SECONDS, waited
    connection, open_ = _tcp(address, connection, line, talk, limit)
    if not open_:
        return connection, None, None
    return _spoken(system, address, connection, line, talk, limit)


def _resolved(system: System, address: Address, connection: Connection) -> tuple[Connection, tuple[str, ...]]:
    if _ADDRESS.fullmatch(address.host):
        return connection.with_layer(Layer("name", "skipped", "an IP address needs no resolution")), (
            address.host,
        )
    begun = system.clock.monotonic()
    limit = max(address.limit_seconds, PATIENCE_SECONDS)
    found = system.network.resolve(address.host, limit)
    seconds = system.clock.monotonic() - begun
    if isinstance(found, OSError):
        timed_out = isinstance(found, TimeoutError)
        said = found.strerror or str(found)
        fault = faults.name_timeout(address, limit) if timed_out else faults.name_unknown(address, said)
        return connection.with_layer(Layer("name", "failed", said, seconds), fault), ()
    return connection.with_layer(Layer("name", "ok", ", ".join(found[:4]), seconds)), found


def _talk(system: System, address: Address, line: Line, limit_seconds: float) -> Talk:
    # Without credentials: first it must be Milvus, and behind TLS a Milvus that proved itself.
    first = request(GET_VERSION, faults.place(address), {}, secure=line.trust is not None)
    return system.network.talk(line.ip, address.port, first, answered, limit_seconds, line.trust)


def _tcp(
    address: Address, connection: Connection, line: Line, talk: Talk, limit: float
) -> tuple[Connection, bool]:
    if talk.step != "connecting":
        said = f"{line.ip}:{address.port} accepts"
        return connection.with_layer(Layer("tcp", "ok", said, talk.connect_seconds)), True
    fault = {
        "refused": faults.refused(address),
        "timed-out": faults.filtered(address, limit),
        "reset": faults.broken_off(address, reset=True),
    }.get(talk.trouble or "", faults.unreachable(address, talk.detail))
    return connection.with_layer(Layer("tcp", "failed", talk.detail or fault.id), fault), False


def _spoken(
    system: System, address: Address, connection: Connection, line: Line, talk: Talk, limit: float
) -> tuple[Connection, Line | None, Reply | None]:
    reply = read_reply(talk.received)
    if reply.speaks and reply.status is None and talk.trouble is not None and not reply.http_status:
        fault = _lost(system, address, line, talk, limit)
        connection = connection.with_layer(Layer("protocol", "ok", "HTTP/2, as gRPC does"))
        return connection.with_layer(Layer("grpc", "failed", "the call was not answered"), fault), None, None
    if reply.speaks:
        connection = connection.with_layer(Layer("protocol", "ok", "HTTP/2, as gRPC does"))
        said = f"{talk.tls}, the certificate holds" if talk.tls else "plain text, as the address says"
        connection = connection.with_layer(Layer("tls", "ok" if talk.tls else "skipped", said))
        return connection, line, reply
    fault = _unsecured(system, address, line, talk, limit)
    if talk.step == "securing" or fault.id in ("plaintext-to-tls", "certificate-wanted"):
        return connection.with_layer(Layer("tls", "failed", talk.detail or fault.id), fault), None, None
    return connection.with_layer(Layer("protocol", "failed", talk.detail or fault.id), fault), None, None


def _unsecured(system: System, address: Address, line: Line, talk: Talk, limit: float) -> Fault:
    """Why there was no HTTP/2 on a connection that was taken."""
    if talk.received:
        return stranger(system, address, line.ip, talk.received, limit)
    if line.trust is not None:
        return _no_tls(system, address, line, talk, limit)
    if talk.trouble == "timed-out":
        return faults.silent(address, limit)
    # A server that speaks TLS hangs up on plain text without a word, as a dead one does.
    secured = Line(line.ip, Trust(address.server_name or address.host))
    second = _talk(system, address, secured, min(limit, 1.5))
    if second.tls or second.trouble in certificates.FAULTS or second.trouble == "tls":
        return faults.plaintext_to_tls(address)
    return _lost(system, address, line, talk, limit)


def _no_tls(system: System, address: Address, line: Line, talk: Talk, limit: float) -> Fault:
    assert line.trust is not None
    if talk.trouble == "own-files":
        return certificates.own_files(address, talk.detail)
    if talk.trouble in certificates.FAULTS:
        return certificates.judge(system, address, line.ip, talk)
    if talk.step == "talking":
        # With TLS 1.3 a server asks for our certificate after our side has finished.
        fault = _lost(system, address, line, talk, limit)
        taken = fault.id in ("closed", "reset") and not address.certificate
        return certificates.wanted(address, talk.detail) if taken else fault
    plain = _talk(system, address, replace(line, trust=None), min(limit, 1.0))
    if read_reply(plain.received).speaks:
        return faults.tls_to_plaintext(address)
    if plain.received:
        return stranger(system, replace(address, secure=False), line.ip, plain.received, limit)
    if talk.trouble in ("tls", "not-tls"):
        return certificates.no_agreement(address, talk.detail)
    return _lost(system, address, line, talk, limit)


def _lost(system: System, address: Address, line: Line, talk: Talk, limit: float) -> Fault:
    """Why a connection that was taken came to nothing."""
    if talk.trouble == "timed-out":
        return faults.silent(address, limit)
    if system.network.contact(line.ip, address.port, min(limit, 1.0)) == "refused":
        return faults.ended(address)
    return faults.broken_off(address, reset=talk.trouble == "reset")
