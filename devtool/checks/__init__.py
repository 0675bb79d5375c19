"""The ordered list of checks. A new check is one entry here and one explanation beside it."""

from __future__ import annotations

from devtool.checks.check import Check
from devtool.checks.tools import TOOL_CHECKS

CHECKS: tuple[Check, ...] = (*TOOL_CHECKS,)
