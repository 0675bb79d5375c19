"""Where programs fetch from now, as they say themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from devtool.adapters.apt_sources import archive
from devtool.adapters.toolchain_sources import GO_CHECKSUMS, RUSTUP_UPDATES
from devtool.model.mirrors import Mirror, is_address

if TYPE_CHECKING:
    from devtool.system import System

# The help names what holds by configuration, else what pip has built in; over line ends, as it is wrapped.
_PIPS = re.compile(r"-i,\s+--index-url\s+<url>.*?\(default:?\s+(\S+?)\)", re.DOTALL)


def present(system: System, kind: str) -> Mirror | None:
    """What the program fetches from by itself; None where it does not say."""
    told = _WAYS[kind](system) if kind in _WAYS else None
    if told is None or not is_address(told[0]):
        return None
    return Mirror(kind, *told)


def _pip(system: System) -> tuple[str, str] | None:
    configured = system.process.run(("python3", "-m", "pip", "config", "get", "global.index-url"), cwd="/")
    if configured.ok and configured.stdout.strip():
        return configured.stdout.strip(), "pip"
    said = system.process.run(("python3", "-m", "pip", "install", "--help"), cwd="/")
    found = _PIPS.search(said.stdout) if said.ok else None
    return (found[1], "pip") if found else None


def _go(system: System) -> tuple[str, str] | None:
    # GOTOOLCHAIN: else it might fetch another Go to answer.
    said = system.process.run(("go", "env", "GOPROXY"), cwd="/", env={"GOTOOLCHAIN": "local"})
    first = re.split(r"[,|]", said.stdout.strip())[0]
    return (first, "go") if said.ok else None


def _apt(system: System) -> tuple[str, str] | None:
    address = archive(system)
    return (address, "apt") if address else None


_WAYS: Mapping[str, Callable[[System], tuple[str, str] | None]] = {
    "pypi": _pip,
    "go": lambda _: (GO_CHECKSUMS, "devtool"),
    "goproxy": _go,
    "rustup": lambda _: (RUSTUP_UPDATES.removesuffix("/rustup"), "rustup"),
    "apt": _apt,
}
"""Cargo, Conan and Homebrew say nowhere what they fetch from by default."""
