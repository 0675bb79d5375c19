"""Findings and the one Report that every renderer reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtool.errors import EXIT_NOT_READY, EXIT_READY
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.requirement import Needs, Requirement

Severity = Literal["ok", "warning", "failure", "unknown", "skipped"]

_ORDER: dict[str, int] = {"failure": 0, "unknown": 1, "warning": 2, "ok": 3, "skipped": 4}


@dataclass(frozen=True)
class Finding:
    """What one check saw."""

    id: str
    """The check's permanent kebab-case id."""
    severity: Severity
    summary: str
    """One line: what was found and what it means."""
    evidence: tuple[str, ...] = ()
    """Lines that were read or printed, as they were."""
    requirement: Requirement | None = None
    remedies: tuple[Remedy, ...] = ()
    seconds: float = 0.0
    """Wall time the examination took."""

    @property
    def headline(self) -> str:
        """The id and the summary; most summaries begin with the tool, whose name is the id: not twice."""
        return self.summary if self.summary.startswith(f"{self.id} ") else f"{self.id}: {self.summary}"


@dataclass(frozen=True)
class Report:
    """One examination of one machine against one checkout."""

    host: Host
    needs: Needs
    findings: tuple[Finding, ...]
    strict: bool = False
    """Whether a warning or an unknown also means "not ready"."""

    @property
    def ordered(self) -> tuple[Finding, ...]:
        """Findings that need attention first; within a severity, in the order of the checks."""
        return tuple(sorted(self.findings, key=lambda f: _ORDER[f.severity]))

    @property
    def ready(self) -> bool:
        """Whether nothing found stands in the way."""
        blocking = {"failure", "warning", "unknown"} if self.strict else {"failure", "unknown"}
        return not any(f.severity in blocking for f in self.findings)

    @property
    def exit_status(self) -> int:
        """0 ready, 1 not ready."""
        return EXIT_READY if self.ready else EXIT_NOT_READY

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(f.severity == severity for f in self.findings)
