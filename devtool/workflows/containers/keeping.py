"""Where devtool keeps what concerns one checkout's container."""

from __future__ import annotations

import posixpath
from hashlib import sha256

from devtool.system import System


def folder(system: System, checkout: str) -> str:
    """The checkout's folder among devtool's own; it need not exist."""
    real = system.files.real(checkout)
    return f"{system.directories.state}/containers/{posixpath.basename(real) or 'root'}-{digest(real)}"


def digest(path: str) -> str:
    """What tells folders of the same name apart."""
    return sha256(path.encode()).hexdigest()[:8]
