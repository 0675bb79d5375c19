"""What this machine is, as text and JSON."""

from __future__ import annotations

from dataclasses import asdict

from devtool.model.host import GIB, Host
from devtool.render.document import document
from devtool.render.paint import plain


def render_host(host: Host, form: str) -> str:
    """Every fact of the host, as text or JSON; there null is "could not be told"."""
    if form == "json":
        return document(asdict(host))
    rows = _rows(host)
    wide = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{wide}}  {plain(value)}" for name, value in rows)


def _rows(host: Host) -> list[tuple[str, str]]:
    return [
        ("system", _system(host)),
        ("kernel", host.kernel),
        ("architecture", host.architecture + (", translated by Rosetta" if host.translated else "")),
        ("container", host.container or "none"),
        *([("WSL", str(host.wsl))] if host.wsl else []),
        ("CPUs", _cpus(host)),
        ("memory", _memory(host)),
        ("free disk", f"{_size(host.disk_free_bytes)} at {host.disk_path}"),
        ("page size", f"{host.page_size_bytes // 1024} KiB"),
        ("shell", host.shell or "unknown"),
        ("packages", ", ".join(host.package_managers) or "no package manager on PATH"),
        ("user", "root" if host.is_root else "not root"),
        ("home", host.home or "none"),
    ]


def _system(host: Host) -> str:
    if host.distribution is None:
        return f"{host.os}, distribution unknown"
    release = f"{host.distribution} {host.version or 'of unknown version'}"
    return release if host.distribution == host.os else f"{host.os}, {release}"


def _cpus(host: Host) -> str:
    limit = f", limited to {host.cpu_limit:g} by the control group" if host.cpu_limit is not None else ""
    return f"{host.cpus}{limit}"


def _memory(host: Host) -> str:
    if host.memory_limit_bytes is None:
        return _size(host.memory_bytes)
    return f"{_size(host.memory_bytes)}, limited to {_size(host.memory_limit_bytes)} by the control group"


def _size(count: int | None) -> str:
    return "unknown" if count is None else f"{count / GIB:.1f} GiB"
