"""A server looked at again and again: one line a change, and longer pauses while it is away."""

from __future__ import annotations

from collections.abc import Callable

from devtool.model.connection import Address, Connection
from devtool.system import System
from devtool.workflows.connecting.reaching import reach

_FIRST_RETRY_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


def watch(
    system: System,
    address: Address,
    interval_seconds: float,
    count: int | None,
    tell: Callable[[Connection], None],
) -> Connection:
    """Look until the count is reached, and give the last look; `tell` hears of the first and each change."""
    before: tuple[str | None, str | None] | None = None
    failures = looks = 0
    while True:
        connection = reach(system, address)
        looks += 1
        now = (connection.fault.id if connection.fault else None, connection.server)
        if now != before:
            tell(connection)
        before = now
        failures = failures + 1 if connection.fault else 0
        if count is not None and looks >= count:
            return connection
        system.clock.sleep(pause(interval_seconds, failures))


def pause(interval_seconds: float, failures: int) -> float:
    """Seconds until the next look: soon after a first failure, then twice as long each time."""
    if not failures:
        return interval_seconds
    longest = max(interval_seconds, _LONGEST_PAUSE_SECONDS)
    first = min(interval_seconds, _FIRST_RETRY_SECONDS)
    return float(min(first * 2 ** min(failures - 1, 16), longest))
