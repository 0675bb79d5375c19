"""Where devtool keeps what it knows of a checkout's containers."""

from __future__ import annotations

import json
import posixpath
from binascii import crc32  # `hashlib` takes 4 ms to import, a tenth of what an exec takes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from devtool.errors import DevtoolError, InputError
from devtool.model.codec import parse_json
from devtool.system import System


def own_folder(system: System, checkout: str) -> str:
    """The folder of ours for this checkout, whichever way it is named. Raises InputError without a home."""
    real = system.files.real(checkout)
    name = f"{posixpath.basename(real) or 'root'}-{crc32(real.encode()):08x}"
    return f"{system.directories.state}/containers/{name}"


def kept(system: System, checkout: str, name: str) -> dict[str, Any]:
    """What was kept in that file; nothing where it cannot be read, or holds something else."""
    try:
        data = parse_json(system.files.read_text(f"{own_folder(system, checkout)}/{name}") or "{}")
    except (DevtoolError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def keep(system: System, checkout: str, name: str, data: dict[str, Any]) -> None:
    """Keep it for the person alone, as it may hold what nobody else should see; a home may take nothing."""
    with suppress(DevtoolError):
        folder = own_folder(system, checkout)
        system.files.make_folder(folder)
        system.files.write(f"{folder}/{name}", json.dumps(data).encode(), mode=0o600)


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
