"""Whether the checkout's own statements can all be met at once."""

from __future__ import annotations

from devtool.checks.check import Check, finding
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_ID = "checkout"


def examine_checkout(system: System, host: Host, needs: Needs) -> Finding:
    """Name statements that exclude each other: no machine can satisfy both."""
    if not needs.conflicts:
        return finding(_ID, "ok", "the checkout agrees with itself")
    cures = (
        Remedy("look whether files come from different branches: `git status`"),
        Remedy("see every statement: `devtool requirements`"),
    )
    return finding(_ID, "failure", needs.conflicts[0], *needs.conflicts[1:], remedies=cures)


def _applies(host: Host, needs: Needs) -> bool:
    return needs.project is not None


CHECKOUT_CHECKS = (Check(_ID, "the checkout agrees with itself", "build", examine_checkout, _applies),)
