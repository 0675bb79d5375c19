"""Which pymilvus fits which server, and what else its environment needs to import it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """One release of the client, with its companions."""

    version: str
    pythons: tuple[str, ...]
    """PEP 440, best first: those for which every package has a ready build."""
    companions: tuple[str, ...] = ()
    otherwise: Client | None = None
    """The release that also drives the same servers, for machines with none of these Pythons."""

    @property
    def packages(self) -> tuple[str, ...]:
        """What to install."""
        return (f"pymilvus=={self.version}", *self.companions)


# It imports pkg_resources, which setuptools 82 dropped, and environs, which marshmallow 4 breaks.
_OLD = ("setuptools<81", "marshmallow<4")
_V24 = Client("2.4.15", ("==3.11.*", ">=3.8,<3.14"), (*_OLD, "milvus-lite<2.5"))
# The grpcio it pins has no build for Python 3.13; pip tries three releases of pandas 3 before it finds one
# that takes numpy 1.
_V23 = Client("2.3.7", ("==3.11.*", ">=3.8,<3.13"), (*_OLD, "numpy<2", "pandas<3"), otherwise=_V24)
# Unbounded, it would pull a milvus-lite 3 that it cannot drive.
_V25 = Client("2.5.18", ("==3.11.*", ">=3.8,<3.14"), ("setuptools<81", "milvus-lite<2.6"))
_V26 = Client("2.6.17", ("==3.11.*", ">=3.8,<3.14"))
_V30 = Client("3.0.2", ("==3.11.*", ">=3.9,<3.14"))

_BY_SERVER = {"2.2": _V23, "2.3": _V23, "2.4": _V24, "2.5": _V25, "2.6": _V26, "3.0": _V30}
NEWEST = _V30


def client_for(server: str | None) -> Client:
    """The client for a server's version as it gives it (`v2.3.5-lite`, `milvus_lite-3.2.2`)."""
    if server is None:
        return NEWEST
    if server.startswith("milvus_lite"):
        return _V26
    found = re.search(r"(\d+\.\d+)", server)
    return _BY_SERVER.get(found[1], NEWEST) if found else NEWEST
