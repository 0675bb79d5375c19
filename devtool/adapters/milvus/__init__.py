"""Milvus servers that run without containers, and which of them this machine can have."""

from __future__ import annotations

from devtool.adapters.milvus.edition import Edition, Launch, Place
from devtool.adapters.milvus.embedded import EMBEDDED
from devtool.adapters.milvus.lite import LITE
from devtool.errors import UnreadableError
from devtool.model.host import Host
from devtool.system import System

EDITIONS = {edition.mode: edition for edition in (EMBEDDED, LITE)}
_EMBEDDED_MACOS = 12

__all__ = ["EDITIONS", "Edition", "Launch", "Place", "edition_for", "warnings"]


def edition_for(host: Host) -> Edition:
    """The fullest server that is built for this machine."""
    if host.os == "linux" and host.architecture == "x86_64" and host.distribution != "alpine":
        return EMBEDDED
    if host.os == "macos" and host.architecture in ("arm64", "x86_64"):
        major = (host.version or "").partition(".")[0]
        return EMBEDDED if not major.isdigit() or int(major) >= _EMBEDDED_MACOS else LITE
    return LITE


def warnings(system: System, host: Host) -> list[str]:
    """What about this machine may keep a server from running, one line each."""
    lines: list[str] = []
    flags = _processor_flags(system)
    if flags and host.architecture == "x86_64":
        lines += [
            f"this processor has no {name}: Milvus may end with `Illegal instruction`"
            for flag, name in (("sse4_2", "SSE4.2"), ("avx", "AVX"))
            if flag not in flags
        ]
    if host.os == "linux" and host.page_size_bytes > 4096:
        lines.append(
            f"memory pages are {host.page_size_bytes // 1024} KiB here; prebuilt binaries expect 4 KiB and "
            "may end with `Unsupported system page size`"
        )
    return lines


def _processor_flags(system: System) -> frozenset[str]:
    try:
        text = system.files.read_text("/proc/cpuinfo") or ""
    except UnreadableError:
        return frozenset()
    line = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return frozenset(line.partition(":")[2].split())
