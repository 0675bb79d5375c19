"""A server of Rust toolchains as rustup wants one, with toolchains of two shell scripts."""

from __future__ import annotations

import hashlib
import io
import tarfile

from tests.support.web import Web

TARGET = "x86_64-unknown-linux-gnu"
_COMPONENTS = ("cargo", "rustc")


def add_toolchain(web: Web, version: str) -> None:
    """Let the server have this version, such as `1.92`; `web.port` must be known."""
    release = f"{version}.0"
    parts = "".join(_component(web, name, release) for name in _COMPONENTS)
    named = "".join(
        f'[[pkg.rust.target.{TARGET}.components]]\npkg = "{name}"\ntarget = "{TARGET}"\n'
        for name in _COMPONENTS
    )
    manifest = (
        'manifest-version = "2"\ndate = "2026-01-01"\n'
        f'[pkg.rust]\nversion = "{release} (0123456789 2026-01-01)"\n'
        f"[pkg.rust.target.{TARGET}]\navailable = true\n{named}{parts}"
        f'[profiles]\nminimal = ["cargo", "rustc"]\ndefault = ["cargo", "rustc"]\ncomplete = []\n'
    ).encode()
    name = f"/dist/channel-rust-{version}.toml"
    web.files[name] = manifest
    web.files[f"{name}.sha256"] = f"{hashlib.sha256(manifest).hexdigest()}  channel.toml\n".encode()


def _component(web: Web, name: str, release: str) -> str:
    folder = f"{name}-{release}-{TARGET}"
    script = f"#!/bin/sh\necho '{name} {release} (0123456789 2026-01-01)'\n"
    members = {
        "rust-installer-version": "3\n",
        "components": f"{name}\n",
        f"{name}/manifest.in": f"file:bin/{name}\n",
        f"{name}/bin/{name}": script,
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in members.items():
            info = tarfile.TarInfo(f"{folder}/{path}")
            info.size, info.mode = len(text), 0o755
            archive.addfile(info, io.BytesIO(text.encode()))
    web.files[f"/dist/{folder}.tar.gz"] = out.getvalue()
    return (
        f'[pkg.{name}]\nversion = "{release}"\n[pkg.{name}.target.{TARGET}]\navailable = true\n'
        f'url = "{web.url(f"/dist/{folder}.tar.gz")}"\n'
        f'hash = "{hashlib.sha256(out.getvalue()).hexdigest()}"\n'
    )
