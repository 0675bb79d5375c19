"""Whether the machine is large enough for a build, and whether its pages suit Milvus's allocator."""

from __future__ import annotations

from devtool.checks.check import Check, finding
from devtool.model.host import GIB, Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

# What is sold as 8 GB reports 7.4 to 7.8 GiB: firmware and kernel keep the rest.
_RESERVED_SHARE = 0.1
_COMMON_PAGE_BYTES = 4096
FEWER_JOBS = (
    "`jobs=1 make` for the core, and for packages `CONAN_CPU_COUNT=1 make` with Conan 1, "
    "`tools.build:jobs=1` in Conan 2's `global.conf`"
)
"""Conan 2 reads no variable: https://docs.conan.io/2/reference/config_files/global_conf.html"""


def enough_memory(found_bytes: int, needed_bytes: int) -> bool:
    """Whether `found_bytes` is what a machine of `needed_bytes` reports."""
    return found_bytes >= needed_bytes * (1 - _RESERVED_SHARE)


def gib(count: int) -> str:
    """A size as people say it, such as `7.6 GiB`."""
    return f"{count / GIB:.1f}".removesuffix(".0") + " GiB"


def examine_memory(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the usable memory against what the project asks for."""
    found, needed = host.usable_memory_bytes, needs.memory_bytes
    if needed is None:
        return finding("memory", "skipped", "nothing here says how much memory it needs")
    if found is None:
        return finding(
            "memory", "unknown", f"cannot tell how much memory this machine has ({gib(needed)} needed)"
        )
    limited = host.memory_limit_bytes is not None and found == host.memory_limit_bytes != host.memory_bytes
    what = f"{gib(found)} of memory" + (" by the control group's limit" if limited else "")
    if enough_memory(found, needed):
        return finding("memory", "ok", f"{what}, {gib(needed)} needed")
    cure = (
        f"raise the container's or the virtual machine's memory limit to {gib(needed)}"
        if limited
        else f"build with fewer jobs at once: {FEWER_JOBS}"
    )
    return finding(
        "memory",
        "failure",
        f"{what}, and {needs.project} asks for {gib(needed)}: compilers are likely to be killed",
        remedies=(Remedy(cure),),
    )


def examine_disk(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the free space where the checkout lies against what a whole build takes."""
    found, needed = host.disk_free_bytes, needs.disk_bytes
    if needed is None:
        return finding("disk", "skipped", "nothing here says how much disk space it needs")
    if found is None:
        return finding("disk", "unknown", f"cannot tell how much space is free at `{host.disk_path}`")
    if found >= needed:
        return finding("disk", "ok", f"{gib(found)} free at `{host.disk_path}`, {gib(needed)} needed")
    return finding(
        "disk",
        "failure",
        f"{gib(found)} free at `{host.disk_path}`, and a whole build of {needs.project} takes {gib(needed)}",
        remedies=(Remedy("free some space: `docker system prune`, `go clean -cache`, `ccache --clear`"),),
    )


def examine_page_size(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether ready-made Milvus binaries can start under this kernel."""
    kib = host.page_size_bytes // 1024
    if host.page_size_bytes <= _COMMON_PAGE_BYTES:
        return finding("page-size", "ok", f"memory pages of {kib} KiB")
    return finding(
        "page-size",
        "warning",
        f"memory pages of {kib} KiB: Milvus's published arm64 images are built for 4 KiB and do not start",
        remedies=(Remedy("boot a kernel with 4 KiB pages, or build Milvus on this machine"),),
    )


def asks_memory(host: Host, needs: Needs) -> bool:
    """Whether the project says how much memory it needs."""
    return needs.memory_bytes is not None


def asks_disk(host: Host, needs: Needs) -> bool:
    """Whether the project says how much space it needs."""
    return needs.disk_bytes is not None


def page_size_varies(host: Host, needs: Needs) -> bool:
    """Whether kernels for this processor differ in their page size."""
    return host.os == "linux" and host.architecture == "arm64"


RESOURCE_CHECKS = (
    Check("memory", "enough memory", "build", examine_memory, asks_memory),
    Check("disk", "enough free disk space", "build", examine_disk, asks_disk),
    Check("page-size", "memory page size", "deploy", examine_page_size, page_size_varies),
)
