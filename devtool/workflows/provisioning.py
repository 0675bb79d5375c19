"""From "some of it is missing" to "ready": what `devtool setup` would do, and doing it."""

from __future__ import annotations

from dataclasses import replace

from devtool.adapters.package_sizes import download_bytes
from devtool.model.mirrors import Mirror
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Action, Plan
from devtool.model.report import Report
from devtool.model.setup import Setup
from devtool.system import System
from devtool.workflows.examination import Selection, examine
from devtool.workflows.repairing import plan_for, repair


def prepare(system: System, selection: Selection, chosen: tuple[Mirror, ...] = ()) -> Setup:
    """Examine the machine and plan what it lacks; changes nothing. Raises InputError as `examine` does."""
    report = _examined(system, selection)
    if not report.ready and system.machine.home(system.env) is None:
        system.console.note("this user has no home folder, which private toolchains need: set HOME to one")
    steps = plan_for(system, report).steps
    measured = tuple(replace(step, action=_measured(system, step.action)) for step in steps)
    return Setup(report, Plan(measured), chosen)


def provision(system: System, setup: Setup, selection: Selection, *, yes: bool, no_root: bool) -> Report:
    """Carry the plan out as far as the person agrees, and look again; the second look is the result.

    Raises DevtoolError where nothing could be changed at all.
    """
    if setup.plan.steps:
        for mirror in setup.mirrors:
            system.console.note(mirror.line)
    return repair(
        system,
        setup.report,
        examine=lambda: _examined(system, selection),
        yes=yes,
        dry_run=False,
        no_root=no_root,
        plan=setup.plan,
        whole="--dry-run --format shell",
    )


def _measured(system: System, action: Action) -> Action:
    """The action with what it fetches, where the package manager tells."""
    if not isinstance(action, InstallPackages):
        return action
    return replace(action, download_bytes=download_bytes(system, action))


def _examined(system: System, selection: Selection) -> Report:
    """What holds now: a verdict from before knows neither packages nor lists that came since."""
    return examine(system, replace(selection, cached=False))
