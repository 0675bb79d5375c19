"""The tools that differ only in name, version argument and package: rows of one table.

Also the ordered tuple of every tool check.
"""

from __future__ import annotations

from devtool.checks.check import Check
from devtool.checks.checkout_tools import CHECKOUT_TOOLS
from devtool.checks.clang_format import CLANG_FORMAT
from devtool.checks.compilers import COMPILERS
from devtool.checks.compose import COMPOSE
from devtool.checks.conan import CONAN
from devtool.checks.go import GO
from devtool.checks.interpreter import PYTHON
from devtool.checks.packages import (
    Packages,
    first_fitting,
    from_packages,
    in_environment,
    may_install,
    same_name,
)
from devtool.checks.rust import RUST
from devtool.checks.tool import RemedyMaker, Seen, Tool
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.requirement import Requirement
from devtool.system import System

# Released on PyPI, newest of each line; 3.31 is what the projects' own automation runs.
CMAKES = ("3.31.10", "3.30.9", "3.28.4", "3.26.4", "4.3.4")
# 1.11.1.4 and 1.13.0 have wheels for Linux with either C library and for macOS, on both processors.
_NINJAS = ("1.13.0", "1.11.1.4", "1.10.2.4")


def packaged(packages: Packages, otherwise: str) -> RemedyMaker:
    """A maker of remedies for a tool of which any distribution's version will do."""

    def cure(system: System, host: Host, need: Requirement, seen: Seen) -> tuple[Remedy, ...]:
        remedy = from_packages(system, host, packages, tool=seen.command) if seen.absent else None
        return (remedy or Remedy(otherwise),)

    return cure


def _cmake(system: System, host: Host, need: Requirement, seen: Seen) -> tuple[Remedy, ...]:
    # Distributions lag behind (Debian 12: 3.25, Ubuntu 22.04: 3.22) or run ahead (Homebrew: 4).
    specifier = need.specifier or ""
    version = first_fitting(CMAKES, specifier)
    if version is None or system.machine.home(system.env) is None:
        return (Remedy(f"install a CMake that satisfies `{specifier}` from https://cmake.org/download"),)
    reason = f"this checkout needs CMake `{specifier}`, and distributions seldom carry one that fits"
    apart = in_environment(system, tool="cmake", version=version, reason=reason, further=("ctest", "cpack"))
    return (apart,)


def _ninja(system: System, host: Host, need: Requirement, seen: Seen) -> tuple[Remedy, ...]:
    packages = from_packages(system, host, _NINJA, tool="ninja") if seen.absent else None
    version = first_fitting(_NINJAS, need.specifier or "")
    if version is None or system.machine.home(system.env) is None:
        return (packages or Remedy("install a current ninja: `pipx install ninja`"),)
    reason = "the build takes ninja where it is here, and is slower with make"
    apart = in_environment(system, tool="ninja", version=version, reason=reason)
    if packages is None:
        return (apart,)
    return (packages, apart) if may_install(system, packages) else (apart, packages)


_NINJA = {**same_name("ninja"), **dict.fromkeys(("apt-get", "dnf", "yum"), ("ninja-build",))}
_DOCKER = {"apt-get": ("docker.io",), "pacman": ("docker",), "apk": ("docker-cli",), "zypper": ("docker",)}

TOOLS = (
    Tool("cmake", "CMake fits this checkout", "build", _cmake, pattern=r"cmake version (\d+\.\d+(?:\.\d+)?)"),
    Tool(
        "ninja",
        "ninja is here",
        "build",
        _ninja,
        pattern=r"^(\d+\.\d+(?:\.\d+)?)",
        lacking="warning",
        spared="the build takes Makefiles instead",
    ),
    Tool(
        "ccache",
        "ccache is here",
        "build",
        packaged(same_name("ccache"), "install ccache from https://ccache.dev/download.html"),
        pattern=r"ccache version (\d+\.\d+(?:\.\d+)?)",
        lacking="warning",
        # The compiler launcher of the scripts for macOS is ccache, without asking whether it is there.
        lacking_on_macos="failure",
        spared="the build goes on, and each clean one compiles everything anew",
    ),
    Tool(
        "make",
        "make is here",
        "build",
        packaged(same_name("make"), "install GNU make; on macOS `xcode-select --install`"),
        pattern=r"GNU Make (\d+\.\d+(?:\.\d+)?)",
    ),
    Tool(
        "docker",
        "the Docker client fits this checkout",
        "container",
        packaged(_DOCKER, "install a current Docker: https://docs.docker.com/engine/install/"),
        pattern=r"Docker version (\d+\.\d+(?:\.\d+)?)",
        lacking="warning",
        spared="only builds and services in containers need it",
    ),
)

TABLE_CHECKS: tuple[Check, ...] = tuple(tool.check() for tool in TOOLS)
TOOL_CHECKS: tuple[Check, ...] = (
    CONAN,
    PYTHON,
    GO,
    RUST,
    *COMPILERS,
    *TABLE_CHECKS,
    COMPOSE,
    CLANG_FORMAT,
    *CHECKOUT_TOOLS,
)
