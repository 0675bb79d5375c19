"""The tools that a project names and that have no check of their own: each is asked for its version."""

from __future__ import annotations

from devtool.checks import IDS
from devtool.checks.check import Check, finding
from devtool.checks.checkout_tools import NAMES, installed_by_make
from devtool.checks.tool import ask, judge
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

_ID = "project-tools"
_NO_PROGRAMS = ("cxx", "builder-image")
_QUESTIONS = {
    "helm": ("version",),
    "java": ("-version",),
    # Without `--client` it would ask a cluster.
    "kubectl": ("version", "--client"),
    "openssl": ("version",),
}
"""Where it is not `--version`."""
_AT_ONCE = 8

# busybox's ignore every argument; a checkout must not end a machine by naming them.
_ACT_AT_ONCE = frozenset(("halt", "init", "kexec", "poweroff", "reboot", "shutdown", "telinit"))


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold every tool that only this project names against what it says; the worst decides."""
    from concurrent.futures import ThreadPoolExecutor

    tools = _own(needs)
    with ThreadPoolExecutor(min(_AT_ONCE, len(tools))) as pool:
        seen = list(pool.map(lambda need: _look(system, need), tools))
    wrong = [each for each in seen if each.severity == "failure"]
    unread = [each for each in seen if each.severity == "unknown"]
    told = [*wrong, *unread] or seen
    return finding(
        _ID,
        told[0].severity,
        "; ".join(each.summary for each in told),
        *(line for each in told for line in each.evidence),
        requirement=told[0].requirement,
        remedies=tuple(remedy for each in told for remedy in each.remedies),
    )


def _look(system: System, need: Requirement) -> Finding:
    if need.tool in _ACT_AT_ONCE:
        return finding(need.tool, "unknown", f"{need.tool} is never started to ask for its version")
    seen = ask(system, [need.tool, *_QUESTIONS.get(need.tool, ("--version",))])
    if seen.path is not None and not seen.absent and seen.version is None and need.specifier == "":
        return finding(need.tool, "ok", f"{need.tool} is here", seen.path, requirement=need)
    wanted = f" `{need.specifier}`" if need.specifier else ""
    return judge(need.tool, need, seen, remedies=(Remedy(f"install {need.tool}{wanted}"),))


def _own(needs: Needs) -> tuple[Requirement, ...]:
    return tuple(need for need in needs.requirements if need.needed and not _held_elsewhere(need))


def _held_elsewhere(need: Requirement) -> bool:
    if need.tool in NAMES:
        return installed_by_make(need)
    # The check of git asks whether it works, and not for a version.
    return need.tool in _NO_PROGRAMS or (need.tool in IDS and need.tool != "git")


def _applies(host: Host, needs: Needs) -> bool:
    return needs.project is not None and bool(_own(needs))


PROJECT_TOOL_CHECKS = (Check(_ID, "the project's further tools are here", "build", examine, _applies),)
