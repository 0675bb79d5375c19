"""A connection to a Milvus, layer by layer, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from devtool.errors import EXIT_NOT_READY, EXIT_READY

Outcome = Literal["ok", "warning", "failed", "skipped"]
LAYERS = (
    "address", "name", "tcp", "protocol", "tls", "grpc", "authentication", "version", "database", "call",
    "proxy", "client", "smoke",
)  # fmt: skip
"""From the outside in; one that failed ends the list, but for those beside it."""
DEFAULT_LIMIT_SECONDS = 2.5


@dataclass(frozen=True)
class Address:
    """Where a Milvus is and how to be let in; what is secret is never shown."""

    origin: str
    """Who named it: `the command line`, `MILVUS_URI`, or a profile and its file."""
    host: str = ""
    port: int = 19530
    secure: bool = False
    path: str | None = None
    """The file of a Milvus Lite, which has neither host nor port."""
    token: str | None = field(default=None, repr=False)
    """`user:password`, or a key alone."""
    database: str | None = None
    authority: str | None = None
    """The certificate that the server's is to be signed by; paths are absolute."""
    certificate: str | None = None
    key: str | None = None
    server_name: str | None = None
    """The name that the certificate is to be for, where it is not the host."""
    profile: str | None = None
    alias: str = "default"
    """What pymilvus is to call the connection."""
    limit_seconds: float = DEFAULT_LIMIT_SECONDS

    @property
    def uri(self) -> str:
        """The address as clients take it, without credentials."""
        if self.path is not None:
            return self.path
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"

    @property
    def user(self) -> str | None:
        """The name that is no secret; None for a key."""
        user, colon, _ = (self.token or "").partition(":")
        return user if colon else None


@dataclass(frozen=True)
class Layer:
    """One step towards the server."""

    name: str
    outcome: Outcome
    said: str
    seconds: float | None = None


@dataclass(frozen=True)
class Fault:
    """Why there is no usable connection."""

    id: str
    """Permanent, for programs."""
    cause: str
    cure: str
    failure: str | None = None
    """The id of the known failure that explains more."""


@dataclass(frozen=True)
class Connection:
    """What an attempt came to."""

    uri: str
    origin: str
    layers: tuple[Layer, ...] = ()
    fault: Fault | None = None
    profile: str | None = None
    server: str | None = None
    """The server's version as it gives it."""
    client: str | None = None
    """The version of pymilvus that this machine's Python would use."""
    latency_seconds: float | None = None
    """How long one small call took."""

    @property
    def exit_status(self) -> int:
        """0 where Milvus answers and lets us in."""
        return EXIT_NOT_READY if self.fault else EXIT_READY

    def with_layer(self, layer: Layer, fault: Fault | None = None) -> Connection:
        """The same, one step further."""
        return replace(self, layers=(*self.layers, layer), fault=self.fault or fault)
