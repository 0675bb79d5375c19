"""What it takes to make a machine ready for a checkout."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.model.mirrors import Mirror
from devtool.model.remedy import Plan
from devtool.model.report import Finding, Report


@dataclass(frozen=True)
class Setup:
    """The plan for one machine and checkout, and what no plan covers."""

    report: Report
    plan: Plan
    mirrors: tuple[Mirror, ...] = ()
    """Where things come from, as far as anybody named it."""

    @property
    def left(self) -> tuple[Finding, ...]:
        """What stands in the way and is left to the person."""
        covered = {check for step in self.plan.steps for check in step.asked_by}
        return tuple(
            each
            for each in self.report.ordered
            if each.severity in ("failure", "unknown") and each.id not in covered
        )

    @property
    def is_root(self) -> bool:
        """Whether the commands are shown as root types them."""
        return self.report.host.is_root
