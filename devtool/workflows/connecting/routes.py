"""The proxy that gRPC clients take, even to this very machine, while we went without."""

from __future__ import annotations

from urllib.parse import urlsplit

from devtool.model.connection import Address, Connection, Fault, Layer
from devtool.model.redaction import redact
from devtool.system import System

# https://github.com/grpc/grpc/blob/master/doc/environment_variables.md: lower case alone, in this order.
_PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")
_EXCEPTIONS = ("no_grpc_proxy", "no_proxy")
_PORTS = {"http": 80, "https": 443}


def see_proxy(system: System, address: Address, connection: Connection) -> Connection:
    """A layer for the proxy that clients would take; none where they take none."""
    variable = next((name for name in _PROXIES if system.env.get(name)), None)
    if variable is None or _excepted(system, address.host):
        return connection
    value = system.env[variable]
    text = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)
    except ValueError:
        host, port = "", 0
    contact = system.network.contact(host, port, min(address.limit_seconds, 1.0)) if host else "unreachable"
    if contact == "open":
        said = f"clients go through `{variable}={redact(value)}`; `no_proxy={address.host}` spares them"
        return connection.with_layer(Layer("proxy", "warning", said))
    fault = Fault(
        "proxy-dead",
        f"Milvus answers, but gRPC clients go through `{variable}={redact(value)}`, which does not",
        f"`export no_proxy=localhost,127.0.0.1,{address.host}`, or unset {variable}",
        "network-proxy-unreachable",
    )
    return connection.with_layer(Layer("proxy", "failed", f"{host}:{port} {contact}"), fault)


def _excepted(system: System, host: str) -> bool:
    listed = next((system.env[name] for name in _EXCEPTIONS if system.env.get(name)), "")
    suffixes = [part.strip().lstrip("*").lstrip(".") for part in listed.split(",")]
    if "*" in [part.strip() for part in listed.split(",")]:
        return True
    return any(suffix and (host == suffix or host.endswith(f".{suffix}")) for suffix in suffixes)
