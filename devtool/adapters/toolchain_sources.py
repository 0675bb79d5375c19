"""Where the official Go and rustup come from for this machine, and where devtool puts them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit, urlunsplit

from devtool.adapters.versions import compare
from devtool.model.host import Host
from devtool.model.toolchain import InstallArchive, InstallRustup
from devtool.system import System

GO_DOWNLOADS = "https://go.dev/dl"
"""Each archive has its checksum beside it, as ARCHIVE.sha256; golang.org/dl reads it there too:
https://github.com/golang/dl/blob/master/internal/version/version.go"""
GO_CHECKSUMS = "https://dl.google.com/go"
# That of https://github.com/actions/setup-go; other installers of Go have each their own.
GO_VARIABLE = "GO_DOWNLOAD_BASE_URL"
RUSTUP_UPDATES = "https://static.rust-lang.org/rustup"
RUSTUP_VARIABLES = ("RUSTUP_UPDATE_ROOT", "RUSTUP_DIST_SERVER")
"""https://rust-lang.github.io/rustup/environment-variables.html"""
_GO_MACHINES = {
    ("linux", "x86_64"): "linux-amd64",
    ("linux", "arm64"): "linux-arm64",
    ("macos", "x86_64"): "darwin-amd64",
    ("macos", "arm64"): "darwin-arm64",
}
_GO_RELEASE = re.compile(r"\d+\.\d+(?:\.\d+|rc\d+|beta\d+)?")
# Since then a first release is called 1.21.0, and the go command needs no C library: https://go.dev/doc/go1.21
_GO_THREE_PARTS = "1.21"
# What would send an archive's own Go elsewhere.
_GO_WITHOUT = ("GOROOT", "GOTOOLDIR")
_RUST_MACHINES = {
    ("linux", "x86_64"): "x86_64-unknown-linux-gnu",
    ("linux", "arm64"): "aarch64-unknown-linux-gnu",
    ("macos", "x86_64"): "x86_64-apple-darwin",
    ("macos", "arm64"): "aarch64-apple-darwin",
}
_MUSL = "alpine"


def go_archive(
    system: System, host: Host, version: str, reason: str, base: str | None = None
) -> InstallArchive | None:
    """The official archive of exactly this Go; None where there is none for this machine, or no home for it.

    `base` is a mirror that holds archives and their `.sha256` as dl.google.com/go does.
    """
    machine = _GO_MACHINES.get((host.os, host.architecture))
    old = (compare(version, _GO_THREE_PARTS) or 0) < 0
    homeless = system.machine.home(system.env) is None and not system.env.get("XDG_DATA_HOME")
    if machine is None or not _GO_RELEASE.fullmatch(version) or homeless or (old and _on_musl(host)):
        return None
    full = f"{version}.0" if re.fullmatch(r"\d+\.\d+", version) and not old else version
    mirror = _without_login(base or system.env.get(GO_VARIABLE) or "")
    name = f"go{full}.{machine}.tar.gz"
    folder = f"{system.directories.data}/toolchains/go-{full}"
    shims = system.directories.shims
    return InstallArchive(
        tool="go",
        version=full,
        url=f"{(mirror or GO_DOWNLOADS).rstrip('/')}/{name}",
        checksum_url=f"{(mirror or GO_CHECKSUMS).rstrip('/')}/{name}.sha256",
        folder=folder,
        shims=((f"{shims}/go", "go/bin/go"), (f"{shims}/gofmt", "go/bin/gofmt")),
        reason=reason,
        without=_GO_WITHOUT,
    )


def rustup(
    system: System,
    host: Host,
    toolchains: tuple[str, ...],
    reason: str,
    update_root: str | None = None,
    dist_server: str | None = None,
) -> InstallRustup | None:
    """rustup with these toolchains, the first as default; None where there is none for this machine."""
    machine = _RUST_MACHINES.get((host.os, host.architecture))
    homeless = system.machine.home(system.env) is None and not system.env.get("XDG_DATA_HOME")
    if machine is None or not toolchains or homeless:
        return None
    if _on_musl(host):
        machine = machine.replace("-gnu", "-musl")
    root = _without_login(update_root or _update_root(system.env, dist_server))
    url = f"{root.rstrip('/')}/dist/{machine}/rustup-init"
    return InstallRustup(
        url=url,
        checksum_url=f"{url}.sha256",
        folder=rust_folder(system),
        shims=system.directories.shims,
        toolchains=toolchains,
        reason=reason,
        dist_server=_without_login(dist_server) if dist_server else None,
    )


def rust_folder(system: System) -> str:
    """Where a rustup of devtool's lies. Raises InputError without a home."""
    return f"{system.directories.data}/toolchains/rust"


def with_login(url: str, env: Mapping[str, str]) -> str:
    """The address with the login that a mirror's variable carries; an action is shown, and has none."""
    for name in (GO_VARIABLE, *RUSTUP_VARIABLES):
        mirror = _split(env.get(name, ""))
        asked = _split(url)
        if mirror and asked and mirror[0] == asked[0] and mirror[1].rpartition("@")[2] == asked[1]:
            return urlunsplit((asked[0], mirror[1], *asked[2:]))
    return url


def _without_login(url: str) -> str:
    parts = _split(url)
    return urlunsplit((parts[0], parts[1].rpartition("@")[2], *parts[2:])) if parts else url


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # no address, which the download will say
        return None


def _update_root(env: Mapping[str, str], dist_server: str | None) -> str:
    """As rustup looks for itself; the mirrors that serve toolchains keep it in their folder `rustup`."""
    root, server = (env.get(name) for name in RUSTUP_VARIABLES)
    if dist_server:
        return f"{dist_server.rstrip('/')}/rustup"
    return root or (f"{server.rstrip('/')}/rustup" if server else RUSTUP_UPDATES)


def _on_musl(host: Host) -> bool:
    return host.distribution == _MUSL
