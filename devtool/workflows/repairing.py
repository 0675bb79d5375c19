"""Repairing: plan, show, ask, apply, and look again. The second look decides."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace

from devtool.adapters.environments import find_interpreter
from devtool.adapters.shell import SHIMS_REASON, find_profile
from devtool.model.fix import FileChange
from devtool.model.host import Host
from devtool.model.packages import InstallPackages
from devtool.model.plan_text import plan_text
from devtool.model.remedy import Action, AppendLine, Plan, RunCommand, Step
from devtool.model.report import Finding, Report
from devtool.model.toolchain import MakeToolEnvironment, Toolchain
from devtool.remedies.application import Application, apply
from devtool.system import System
from devtool.workflows.mirroring import mirrored

_CURABLE = ("failure", "warning")


def repair(
    system: System,
    report: Report,
    *,
    examine: Callable[[], Report],
    yes: bool,
    dry_run: bool,
    no_root: bool = False,
    plan: Plan | None = None,
    whole: str = "--dry-run",
) -> Report:
    """Repair what the report found, as far as the person agrees; the report that holds afterwards.

    `plan` is the plan for it, where one was made already. With `no_root` what needs root is left to the
    person, on a terminal too. `whole` are the options by which the same command shows every shell line.
    Raises DevtoolError where nothing could be changed at all.
    """
    plan = plan_for(system, report) if plan is None else plan
    if not plan.steps:
        system.console.note("nothing here that devtool could repair by itself")
        return report
    ours = carry_out(system, plan, yes=yes, dry_run=dry_run, no_root=no_root, whole=whole)
    if ours is None:
        return report
    after = examine()
    _compare(system, plan, report, after)
    _tell_of_path(system, ours)
    return after


def carry_out(
    system: System,
    plan: Plan,
    *,
    yes: bool,
    dry_run: bool = False,
    no_root: bool = False,
    whole: str | None = None,
) -> Plan | None:
    """Show the plan, ask, and do it; what of it was tried, None where nothing was.

    `whole` as `repair` takes it. Raises DevtoolError.
    """
    if dry_run:
        _show_shell(system, plan)
    if not dry_run or len(plan.steps) > 1:
        _show(system, plan)
    if whole and not dry_run and any(step.action.what for step in plan.steps):
        system.console.note(f"the same with `{whole}` shows every command")
    ours, theirs = _parted(system, plan, no_root)
    if refusal := _refusal(system, ours, yes, dry_run):
        system.console.note(f"nothing was changed: {refusal}")
        return None
    _tell(system, apply(system, ours))
    if theirs.steps:
        system.console.note("these need root and are left to you:")
        _show(system, theirs, is_ours=False)
    return ours


def plan_for(system: System, report: Report) -> Plan:
    """The first remedy with actions of each finding that needs attention."""
    asked = [
        (finding.id, remedy)
        for finding in report.ordered
        if finding.severity in _CURABLE
        for remedy in [r for r in finding.remedies if r.actions][:1]
    ]
    steps = [replace(step, action=_named(system, step.action)) for step in Plan.asked(asked).steps]
    # What the distribution gives comes first: a toolchain may need its compiler, or its curl.
    steps.sort(key=lambda step: not isinstance(step.action, InstallPackages))
    steps = [_explained(step, report) for step in mirrored(system, report, steps)]
    return Plan((*steps, *_path_steps(system, report.host, steps)))


def _explained(step: Step, report: Report) -> Step:
    """The step with what was found: an installation is of a version, and says not what was here before."""
    if not isinstance(step.action, Toolchain | InstallPackages):
        return step
    asked = [finding for finding in report.ordered if finding.id in step.asked_by]
    return replace(step, found=tuple(finding.headline for finding in asked))


def _named(system: System, action: Action) -> Action:
    """The action with the Python that it will use, for the person to see."""
    if not isinstance(action, MakeToolEnvironment):
        return action
    interpreter = find_interpreter(system, action.python_specifier)
    return replace(action, interpreter=interpreter.path) if interpreter else action


def _path_steps(system: System, host: Host, steps: list[Step]) -> list[Step]:
    """What lets a new shell find the shims, where the plan makes any."""
    makers = [step for step in steps if isinstance(step.action, Toolchain)]
    if not makers:
        return []
    shims, profile = system.directories.shims, find_profile(system, host)
    if profile is None or shims in system.env.get("PATH", "").split(":"):
        return []
    line = profile.on_path(shims)
    action = AppendLine(profile.path, line, SHIMS_REASON)
    if profile.holds(system, line) or action in (step.action for step in steps):
        return []
    return [Step(action, tuple(dict.fromkeys(check for step in makers for check in step.asked_by)))]


def _parted(system: System, plan: Plan, no_root: bool) -> tuple[Plan, Plan]:
    """What devtool carries out, and what needs a root that it cannot be here."""
    through_sudo = not no_root and system.console.interactive and system.process.which("sudo") is not None

    def is_ours(action: Action) -> bool:
        if not action.needs_root or system.machine.is_root():
            return True
        return through_sudo and isinstance(action, RunCommand | InstallPackages)

    ours = tuple(step for step in plan.steps if is_ours(step.action))
    return Plan(ours), Plan(tuple(step for step in plan.steps if step not in ours))


def _refusal(system: System, ours: Plan, yes: bool, dry_run: bool) -> str | None:
    """Why nothing is to be changed; asks the person where nothing else decides."""
    if dry_run:
        return "this is a dry run"
    if not ours.steps:
        return "every step needs root, and root is yours to use: run the lines above yourself"
    if yes:
        return None
    if not system.console.interactive:
        return "there is no terminal to ask on, and `--yes` was not given"
    count = len(ours.steps)
    return None if system.console.confirm(f"make {_counted(count, 'change')}?") else "you said no"


def _show_shell(system: System, plan: Plan) -> None:
    for line in ["", *plan.transcript(system.machine.is_root()).splitlines()]:
        system.console.note(line)


def _show(system: System, plan: Plan, *, is_ours: bool = True) -> None:
    width = min(max(system.console.width, 40), 100)
    lines = plan_text(plan.steps, system.machine.is_root(), width)
    for line in ["", *(lines if is_ours else lines[:-1])]:  # undo knows only of what devtool did
        system.console.note(line)


def _tell(system: System, application: Application) -> None:
    note, fix = system.console.note, application.fix
    if fix is None:
        note("everything in the plan was so already")
        return
    made = _counted(application.done, "change")
    if application.error is None:
        note(f"made {made}; `devtool undo` takes back fix {fix.id}")
    else:
        note(f"stopped: {application.error.message}")
        if application.error.hint:
            note(f"  {application.error.hint}")
        if not application.done:
            note("nothing was done before it, and nothing after it was tried")
            return
        note(f"made {made} before that; `devtool undo` takes back fix {fix.id}")
    copies = [
        c.backup for entry in fix.entries for c in entry.changes if isinstance(c, FileChange) and c.backup
    ]
    if copies:
        folder = posixpath.dirname(copies[0])
        note(f"until then the files from before are kept in `{folder}`, readable by you alone")
    if any(entry.stays for entry in fix.entries):
        note("commands that nothing takes back stay as they are")


def _compare(system: System, plan: Plan, before: Report, after: Report) -> None:
    """Say what the second look found."""
    attempted = {check for step in plan.steps for check in step.asked_by}
    was = {finding.id for finding in before.findings if _needs_attention(finding)}
    now = {finding.id: finding for finding in after.findings if _needs_attention(finding)}
    for finding in before.ordered:
        if finding.id in was and finding.id not in now:
            system.console.note(f"cured: {finding.id}")
        elif finding.id in attempted and finding.id in now:
            system.console.note(f"still there: {finding.id}: {now[finding.id].summary}")
    for finding in after.ordered:
        if finding.id in now and finding.id not in was:
            system.console.note(f"new: {finding.id}: {finding.summary}")


def _tell_of_path(system: System, plan: Plan) -> None:
    """A file for new shells changes nothing in the one that the person goes on typing in."""
    shims = system.directories.shims
    made = [step.action for step in plan.steps if isinstance(step.action, Toolchain)]
    if made and system.files.names(shims) and shims not in system.env.get("PATH", "").split(":"):
        system.console.note(f'this shell finds them after `export PATH="{shims}:$PATH"`')


def _needs_attention(finding: Finding) -> bool:
    return finding.severity in ("failure", "unknown", "warning")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
