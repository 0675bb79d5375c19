"""What a run of a test suite came to, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtool.errors import EXIT_NOT_READY, EXIT_READY

Outcome = Literal["passed", "failed", "error", "skipped"]
"""`error`: it broke before or after its own assertions."""


@dataclass(frozen=True)
class TestCase:
    """One test."""

    __test__ = False  # else pytest takes the class for a test of its own

    suite: str
    """The level it belongs to: `L0` or `L1`."""
    name: str
    outcome: Outcome
    seconds: float
    message: str | None = None
    """One line: why it failed or was skipped."""


@dataclass(frozen=True)
class TestResult:
    """One run."""

    __test__ = False

    uri: str
    server: str | None
    """The server's version; None when it would not say."""
    client: str
    """What it was driven with, such as `pymilvus 2.3.7`."""
    level: str
    cases: tuple[TestCase, ...]
    seconds: float

    def count(self, *outcomes: Outcome, suite: str | None = None) -> int:
        """How many tests came out so."""
        return sum(case.outcome in outcomes and suite in (None, case.suite) for case in self.cases)

    @property
    def passed(self) -> bool:
        """Whether something was tested and nothing failed."""
        return self.count("passed") > 0 and self.count("failed", "error") == 0

    @property
    def exit_status(self) -> int:
        """0 all passed, 1 otherwise."""
        return EXIT_READY if self.passed else EXIT_NOT_READY
