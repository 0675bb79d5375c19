"""The ordered list of checks. A new check is one entry here and one explanation beside it."""

from __future__ import annotations

from devtool.checks.check import Check

CHECKS: tuple[Check, ...] = ()
