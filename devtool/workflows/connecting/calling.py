"""On a line that speaks gRPC: is it Milvus, does it let us in, and does it answer a small call."""

from __future__ import annotations

from dataclasses import replace

from devtool.adapters.grpc import Reply, answered, read_reply, request
from devtool.adapters.milvus import calls
from devtool.model.connection import Address, Connection, Layer
from devtool.system import System
from devtool.system.talking import Talk
from devtool.workflows.connecting import faults
from devtool.workflows.connecting.approaching import PATIENCE_SECONDS, Line

_STARTING = ("not ready", "abnormal", "initializing", "empty grpc client", "not healthy", "node not ready")


def call_milvus(
    system: System, address: Address, connection: Connection, line: Line, first: Reply
) -> Connection:
    """The layers from gRPC to a call that lists collections; `first` answered a call without credentials."""
    connection = _milvus(address, connection, first)
    if connection.fault:
        return connection
    listed, talk, limit = _patiently(system, address, line)
    if listed.status is None:
        fault = (
            faults.stuck(address, limit)
            if talk.trouble == "timed-out"
            else faults.ended(address)
            if system.network.contact(line.ip, address.port, 1.0) == "refused"
            else faults.broken_off(address, reset=talk.trouble == "reset")
        )
        return connection.with_layer(Layer("call", "failed", "not answered"), fault)
    if limit != address.limit_seconds:
        fault = faults.too_short(address, address.limit_seconds, talk.answer_seconds)
        return connection.with_layer(Layer("call", "failed", "too slow for its limit"), fault)
    if listed.status == calls.UNAUTHENTICATED:
        fault = faults.credentials(address, listed.said)
        return connection.with_layer(Layer("authentication", "failed", listed.said), fault)
    connection = connection.with_layer(_let_in(address, first))
    server = calls.version(first) or calls.version(
        _ask(system, address, line, calls.GET_VERSION, address.limit_seconds)[0]
    )
    said = f"Milvus {server}" if server else "the server does not give it"
    connection = replace(connection, server=server).with_layer(
        Layer("version", "ok" if server else "warning", said)
    )
    return _judged(system, address, connection, line, listed, talk)


def _milvus(address: Address, connection: Connection, first: Reply) -> Connection:
    if first.status is None:
        fault = faults.gateway(address, first.http_status or "nothing that could be read")
        return connection.with_layer(Layer("grpc", "failed", f"HTTP {first.http_status}"), fault)
    if first.status == calls.UNIMPLEMENTED and "unknown method" not in first.said:
        fault = faults.other_grpc(address, first.said)
        return connection.with_layer(Layer("grpc", "failed", first.said), fault)
    if first.status == calls.UNAVAILABLE:
        fault = faults.starting(address, first.said)
        return connection.with_layer(Layer("grpc", "failed", first.said), fault)
    return connection.with_layer(Layer("grpc", "ok", "Milvus's service answers"))


def _ask(system: System, address: Address, line: Line, path: str, limit: float) -> tuple[Reply, Talk]:
    metadata = calls.metadata(address.token, address.database)
    content = request(path, faults.place(address), metadata, secure=line.trust is not None)
    talk = system.network.talk(line.ip, address.port, content, answered, limit, line.trust)
    return read_reply(talk.received), talk


def _patiently(system: System, address: Address, line: Line) -> tuple[Reply, Talk, float]:
    """The answer, and the time limit it came within, which is longer than the one asked for if need be."""
    limit = address.limit_seconds
    reply, talk = _ask(system, address, line, calls.LIST_COLLECTIONS, limit)
    if reply.status is None and talk.trouble == "timed-out" and limit < PATIENCE_SECONDS:
        limit = PATIENCE_SECONDS
        reply, talk = _ask(system, address, line, calls.LIST_COLLECTIONS, limit)
    return reply, talk, limit


def _let_in(address: Address, first: Reply) -> Layer:
    asked = first.status == calls.UNAUTHENTICATED
    if address.token is None:
        return Layer("authentication", "ok", "none is asked for")
    who = f"user `{address.user}`" if address.user is not None else "with a key"
    if not asked and first.status == 0:
        return Layer("authentication", "ok", f"{who}, though the server may not ask")
    if not address.secure and not faults.is_local(address):
        return Layer("authentication", "warning", f"{who}; the password crosses the network in plain text")
    return Layer("authentication", "ok", who)


def _judged(
    system: System, address: Address, connection: Connection, line: Line, listed: Reply, talk: Talk
) -> Connection:
    verdict = calls.verdict(listed)
    reason = verdict.reason or listed.said
    missing = verdict.code == calls.NO_DATABASE or "database not found" in reason
    if missing:
        there = calls.names(
            _ask(system, replace(address, database=None), line, calls.LIST_DATABASES, address.limit_seconds)[
                0
            ]
        )
        return connection.with_layer(Layer("database", "failed", reason), faults.no_database(address, there))
    named = f"`{address.database}`" if address.database else "the default one"
    if listed.status == calls.DENIED or "permission" in reason.lower() or "privilege" in reason.lower():
        connection = connection.with_layer(Layer("database", "ok", named))
        return connection.with_layer(
            Layer("call", "warning", f"this user may not list collections: {reason}")
        )
    if listed.status or verdict.code:
        starting = listed.status == calls.UNAVAILABLE or any(w in reason.lower() for w in _STARTING)
        code = verdict.code or listed.status or 0
        fault = faults.starting(address, reason) if starting else faults.call_failed(code, reason)
        return connection.with_layer(Layer("call", "failed", reason), fault)
    connection = connection.with_layer(Layer("database", "ok", named))
    count = len(calls.names(listed))
    said = f"{count} collection{'' if count == 1 else 's'} listed"
    return replace(connection, latency_seconds=talk.answer_seconds).with_layer(
        Layer("call", "ok", said, talk.answer_seconds)
    )
