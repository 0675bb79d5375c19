"""Where devtool keeps what it knows of a checkout's containers."""

from __future__ import annotations

import posixpath
from binascii import crc32  # `hashlib` takes 4 ms to import, a tenth of what an exec takes

from devtool.system import System


def own_folder(system: System, checkout: str) -> str:
    """The folder of ours for this checkout, whichever way it is named. Raises InputError without a home."""
    real = system.files.real(checkout)
    name = f"{posixpath.basename(real) or 'root'}-{crc32(real.encode()):08x}"
    return f"{system.directories.state}/containers/{name}"
