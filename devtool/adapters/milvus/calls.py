"""The calls of Milvus's own service that cost nothing, and what they answer."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from devtool.adapters.grpc import Reply, contents, number

SERVICE = "/milvus.proto.milvus.MilvusService/"
GET_VERSION, LIST_COLLECTIONS, LIST_DATABASES = (
    f"{SERVICE}{name}" for name in ("GetVersion", "ShowCollections", "ListDatabases")
)
UNAUTHENTICATED, UNIMPLEMENTED, UNAVAILABLE, DENIED, DEADLINE = 16, 12, 14, 7, 4
"""Statuses of gRPC."""
NO_DATABASE = 800
"""Milvus's own code."""


@dataclass(frozen=True)
class Verdict:
    """Milvus's own status within an answer."""

    code: int
    reason: str


def metadata(token: str | None, database: str | None) -> dict[str, str]:
    """What every client sends with a call."""
    sent = {"authorization": base64.b64encode(token.encode()).decode()} if token else {}
    return {**sent, **({"dbname": database} if database else {})}


def version(reply: Reply) -> str | None:
    """The server's version from its answer to GetVersion."""
    return next(iter(names(reply)), "").strip() or None


def verdict(reply: Reply) -> Verdict:
    """Code 0 where all is well."""
    status = next(iter(contents(reply.message, 1)), b"")
    reason = next(iter(contents(status, 2)), b"").decode("utf-8", "replace")
    # 3 since Milvus 2.3, before that 1.
    return Verdict(number(status, 3) or number(status, 1), reason)


def names(reply: Reply) -> tuple[str, ...]:
    """Of collections in an answer to ShowCollections, of databases in one to ListDatabases."""
    return tuple(found.decode("utf-8", "replace") for found in contents(reply.message, 2))
