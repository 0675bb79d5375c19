"""Hosts, needs and checks as a test writes them."""

from __future__ import annotations

from devtool.checks.check import Check
from devtool.model.host import GIB, Host
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

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
    disk_free_bytes=500 * GIB,
    shell="bash",
    package_managers=("apt-get",),
    page_size_bytes=4096,
    is_root=False,
    home="/home/me",
)


def needs(*requirements: Requirement, project: str | None = "milvus") -> Needs:
    """What a checkout at /checkout asks for."""
    return Needs(project, "/checkout" if project else None, requirements)


def need(
    tool: str, specifier: str | None = "", *, source: str = "scripts/install_deps.sh:58", **more: object
) -> Requirement:
    """One need, pinned unless said otherwise."""
    facts: dict[str, object] = {"confidence": "pinned", "source": source, **more}
    return Requirement(tool, specifier, **facts)  # type: ignore[arg-type]  # the fields a test names


def examined(check: Check, system: System, needs: Needs, host: Host = LINUX) -> Finding:
    """What the check sees; it must apply."""
    assert check.applies(host, needs)
    return check.examine(system, host, needs)
