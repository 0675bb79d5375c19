"""Architectures as images name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.container import Setting

if TYPE_CHECKING:
    from devtool.system import System

_NAMES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armv8": "arm64"}
_KNOWN = ("amd64", "arm64", "386", "arm", "ppc64le", "s390x", "riscv64", "loong64", "mips64le")


def host_architecture(system: System) -> str:
    """Of this machine."""
    machine = system.machine.kernel()[2]
    return _NAMES.get(machine, machine)


def asked_platform(system: System, flag: str | None) -> Setting | None:
    """What a flag or docker's own variable asks for, whatever files say. Raises InputError."""
    if flag:
        return Setting("platform", f"linux/{architecture_of(flag)}", "--platform")
    if default := system.env.get("DOCKER_DEFAULT_PLATFORM"):
        said_by = "the environment (`DOCKER_DEFAULT_PLATFORM`)"
        return Setting("platform", f"linux/{architecture_of(default)}", said_by)
    return None


def architecture_of(platform: str) -> str:
    """Of `linux/arm64`, `arm64` or `aarch64`. Raises InputError for what no image is made for."""
    parts = platform.split("/")
    if len(parts) > 1 and parts[0] != "linux":
        raise InputError(
            f"`{platform}` is no platform of a dev container", "take `linux/amd64` or `linux/arm64`"
        )
    name = parts[1] if len(parts) > 1 else parts[0]
    made = _NAMES.get(name, name)
    if made not in _KNOWN:
        raise InputError(f"`{platform}` is no platform", "take `linux/amd64` or `linux/arm64`")
    return made
