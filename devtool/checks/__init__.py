"""The ordered list of checks. A new check is one entry here and one explanation beside it."""

from __future__ import annotations

from devtool.checks.check import Check
from devtool.checks.conan_path import CONAN_PATH_CHECKS
from devtool.checks.docker import DOCKER_CHECKS
from devtool.checks.git import GIT_CHECKS
from devtool.checks.homebrew import HOMEBREW_CHECKS
from devtool.checks.llvm_prefix import LLVM_CHECKS
from devtool.checks.network import NETWORK_CHECKS
from devtool.checks.ports import PORT_CHECKS
from devtool.checks.python import PYTHON_CHECKS
from devtool.checks.resources import RESOURCE_CHECKS
from devtool.checks.tools import TOOL_CHECKS

CHECKS: tuple[Check, ...] = (
    *RESOURCE_CHECKS,
    *GIT_CHECKS,
    *NETWORK_CHECKS,
    *HOMEBREW_CHECKS,
    *PYTHON_CHECKS,
    *TOOL_CHECKS,
    *CONAN_PATH_CHECKS,
    *LLVM_CHECKS,
    *DOCKER_CHECKS,
    *PORT_CHECKS,
)
