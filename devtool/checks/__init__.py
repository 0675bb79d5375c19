"""The ordered table of checks. A new check is one id here, its row in a module, and one explanation.

The ids stand here so that a run that knows its verdicts already imports no
check at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib import import_module

from devtool.checks.check import Check

_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("checkout", "CHECKOUT_CHECKS", ("checkout",)),
    ("resources", "RESOURCE_CHECKS", ("memory", "disk", "page-size")),
    ("git", "GIT_CHECKS", ("git", "git-ownership", "git-safe-directory", "git-post-buffer")),
    ("network", "NETWORK_CHECKS", ("proxy", "no-proxy")),
    ("homebrew", "HOMEBREW_CHECKS", ("homebrew-path",)),
    ("python", "PYTHON_CHECKS", ("conan-python", "externally-managed", "python-venv")),
    (
        "tools",
        "TOOL_CHECKS",
        (
            *("conan", "python", "go", "rust", "gcc", "llvm", "cmake", "ninja", "ccache", "make", "docker"),
            *("compose", "clang-format", "golangci-lint", "mockery", "gofumpt", "gci"),
        ),
    ),
    ("system_packages", "SYSTEM_PACKAGE_CHECKS", ("system-packages",)),
    ("project_tools", "PROJECT_TOOL_CHECKS", ("project-tools",)),
    ("conan_path", "CONAN_PATH_CHECKS", ("conan-path",)),
    ("own_tools", "OWN_TOOLS_CHECKS", ("own-tools-path",)),
    ("llvm_prefix", "LLVM_CHECKS", ("llvm-prefix", "llvm-sdk")),
    (
        "docker",
        "DOCKER_CHECKS",
        ("docker-daemon", "docker-permission", "docker-memory", "docker-credentials"),
    ),
    ("ports", "PORT_CHECKS", ("ports",)),
    # Asked for by the first commit only: after everything that a build waits for.
    ("git", "IDENTITY_CHECKS", ("git-identity",)),
)
"""Module, the name of its tuple, and the ids in it."""

IDS: tuple[str, ...] = tuple(name for _, _, ids in _TABLE for name in ids)
"""Every check, in the order in which findings are told."""


GATES = ("docker-disk", "docker-image", "docker-platform")
"""What a build in a container examines besides these."""


def checks(ids: Collection[str] = IDS) -> tuple[Check, ...]:
    """The checks of these ids in the order of the table; only the modules that hold them are imported."""
    return tuple(_loaded(ids))


def _loaded(ids: Collection[str]) -> Iterator[Check]:
    for module, name, own in _TABLE:
        if any(each in ids for each in own):
            rows: tuple[Check, ...] = getattr(import_module(f"devtool.checks.{module}"), name)
            yield from (row for row in rows if row.id in ids)
