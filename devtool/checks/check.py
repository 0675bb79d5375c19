"""What a check is, and the short ways to say what it saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs, Requirement
from devtool.system import System


def always(host: Host, needs: Needs) -> bool:
    """Applies everywhere."""
    return True


def no_files(system: System, needs: Needs) -> Sequence[str]:
    """The programs alone decide."""
    return ()


@dataclass(frozen=True)
class Check:
    """A read-only examination of the machine.

    `examine` never prints, changes anything, or raises because a tool is
    absent. It runs on a thread of its own, and its probes share one time limit.
    """

    id: str
    """Kebab-case and permanent."""
    title: str
    gates: str
    """What fails without it: `build`, `test`, `deploy`, `container`, `commit`."""
    examine: Callable[[System, Host, Needs], Finding]
    applies: Callable[[Host, Needs], bool] = always
    programs: tuple[str, ...] = ()
    """Programs whose files alone, with `files` and `variables`, decide the verdict; empty when more does.

    A verdict is kept between runs as long as these programs (path, size, mtime
    and inode of every one on PATH), the needs and the host stay the same.
    """
    files: Callable[[System, Needs], Sequence[str]] = no_files
    """Further files and folders that decide the verdict, by path: settings, toolchains, plugins."""
    variables: tuple[str, ...] = ()
    """Environment variables that decide the verdict too."""


def finding(
    id: str,  # noqa: A002  # the field's name in every report
    severity: Severity,
    summary: str,
    *evidence: str,
    requirement: Requirement | None = None,
    remedies: tuple[Remedy, ...] = (),
) -> Finding:
    """A finding; `evidence` is one line an argument."""
    return Finding(id, severity, summary, evidence, requirement, remedies)
