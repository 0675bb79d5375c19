"""Time, as a door: for checking types only."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """What the rest of devtool may ask about time."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
