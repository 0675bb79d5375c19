"""A program's answer, as a value."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ended", "absent", "refused", "timed-out"]


@dataclass(frozen=True)
class Answer:
    """What came of running a program once."""

    argv: tuple[str, ...]
    outcome: Outcome
    """`absent`: no such program; `refused`: it is there but cannot be started."""
    status: int | None = None
    """Exit status, negative for a signal, None unless it ended."""
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    truncated: bool = False
    """Whether output beyond the limit was dropped."""

    @property
    def found(self) -> bool:
        """Whether there was a program to start."""
        return self.outcome != "absent"

    @property
    def ok(self) -> bool:
        """Whether it ended with status 0."""
        return self.outcome == "ended" and self.status == 0

    @property
    def output(self) -> str:
        """Both streams: many tools print their version on stderr."""
        return self.stdout + self.stderr

    @property
    def line(self) -> str:
        """The command as a shell line."""
        return shlex.join(self.argv)

    def describe(self) -> str:
        """One clause that says how it ended, such as `exited with status 2`."""
        if self.outcome == "ended":
            status = self.status or 0
            return f"was ended by signal {-status}" if status < 0 else f"exited with status {status}"
        return {
            "absent": "is not on PATH",
            "refused": "cannot be started",
            "timed-out": f"did not answer within {self.seconds:.0f} s",
        }[self.outcome]
