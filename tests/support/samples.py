"""Literal model values for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devtool.model.host import GIB, Host
from devtool.model.remedy import Remedy, SetGitKey
from devtool.model.report import Finding, Report
from devtool.model.requirement import Needs, Requirement, Statement

LINUX = Host(
    os="linux",
    distribution="debian",
    version="12",
    kernel="6.1.0",
    architecture="x86_64",
    translated=False,
    wsl=None,
    container=None,
    cpus=8,
    cpu_limit=None,
    memory_bytes=16 * GIB,
    memory_limit_bytes=None,
    disk_path="/checkout",
    disk_free_bytes=100 * GIB,
    shell="bash",
    package_managers=("apt-get",),
    page_size_bytes=4096,
    is_root=False,
    home="/home/me",
)

CONAN = Requirement(
    tool="conan",
    specifier="==2.25.1",
    confidence="enforced",
    source="scripts/3rdparty_build.sh:94",
    also=(Statement("1.61", "DEVELOPMENT.md:102"),),
)

MILVUS = Needs(project="milvus", root="/checkout", requirements=(CONAN,))


def host(**changes: Any) -> Host:
    """A Linux machine, with changes."""
    return replace(LINUX, **changes)


def report(*findings: Finding, strict: bool = False) -> Report:
    """A report on that machine for a Milvus checkout."""
    return Report(LINUX, MILVUS, findings, strict)


CONAN_WRONG = Finding(
    "conan",
    "failure",
    "conan 1.61.0 does not satisfy ==2.25.1 (scripts/3rdparty_build.sh:94)",
    ("Conan version 1.61.0",),
    CONAN,
    (Remedy("`pipx install conan==2.25.1`"),),
    0.25,
)
GIT_BUFFER = Finding(
    "git-post-buffer",
    "warning",
    "`http.postBuffer` is 1024 bytes, below git's default of 1048576",
    remedies=(
        Remedy(
            "raise it", (SetGitKey("http.postBuffer", "1048576", "large pushes break below git's default"),)
        ),
    ),
)
GO_HUNG = Finding("go", "unknown", "`go version` did not answer within 5 s", seconds=5.0)
CMAKE_FINE = Finding("cmake", "ok", "cmake 3.26.1", seconds=0.01)
RUST_SKIPPED = Finding("rust", "skipped", "not asked for")
EVERY_KIND = (CMAKE_FINE, GIT_BUFFER, GO_HUNG, RUST_SKIPPED, CONAN_WRONG)
