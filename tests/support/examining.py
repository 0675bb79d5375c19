"""Needs and checks as a test writes them, on the machine of `samples`."""

from __future__ import annotations

from devtool.checks.check import Check
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System
from tests.support.samples import LINUX

__all__ = ["LINUX", "examined", "need", "needs"]


def needs(*requirements: Requirement, project: str | None = "milvus") -> Needs:
    """What a checkout at /checkout asks for."""
    return Needs(project, "/checkout" if project else None, requirements)


def need(
    tool: str, specifier: str | None = "", *, source: str = "scripts/install_deps.sh:58", **more: object
) -> Requirement:
    """One need, pinned unless said otherwise."""
    facts: dict[str, object] = {"confidence": "pinned", "source": source, **more}
    return Requirement(tool, specifier, **facts)


def examined(check: Check, system: System, needs: Needs, host: Host = LINUX) -> Finding:
    """What the check sees; it must apply."""
    assert check.applies(host, needs)
    return check.examine(system, host, needs)
