"""Where devtool keeps what it knows of a checkout's containers."""

from __future__ import annotations

import posixpath
from binascii import crc32  # `hashlib` takes 4 ms to import, a tenth of what an exec takes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from devtool.errors import InputError
from devtool.system import System


def own_folder(system: System, checkout: str) -> str:
    """The folder of ours for this checkout, whichever way it is named. Raises InputError without a home."""
    real = system.files.real(checkout)
    name = f"{posixpath.basename(real) or 'root'}-{crc32(real.encode()):08x}"
    return f"{system.directories.state}/containers/{name}"


@contextmanager
def alone(system: System, checkout: str, name: str, timeout_seconds: float) -> Iterator[None]:
    """Hold off every other devtool that wants the same; a home that takes nothing holds off nobody.

    Raises DevtoolError after the time limit.
    """
    with ExitStack() as held:
        try:
            path = f"{own_folder(system, checkout)}/{name}.lock"
            held.enter_context(system.files.lock(path, timeout_seconds))
        except InputError:
            pass
        yield
