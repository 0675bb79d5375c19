"""Ways to the Rust toolchains that a checkout calls; none changes what the person's other projects get.

The scripts of Milvus make their version rustup's global default. Plain `cargo`
is called below the checkout only, so a choice for that folder serves as well:
https://rust-lang.github.io/rustup/overrides.html
"""

from __future__ import annotations

import re

from devtool.adapters.toolchain_sources import rustup
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.requirement import Needs, Requirement
from devtool.model.toolchain import INSTALL_TOOLCHAIN
from devtool.system import System

_RUSTUP = "install rustup from https://rustup.rs"
_PINNED = re.compile(r"(?:==|>=|~=)\s*(\d+\.\d+(?:\.\d+)?)")


def pinned(need: Requirement | None) -> str | None:
    """The version in the specifier that names one: `>=1.92`, `==1.92`, `==1.92.*`."""
    match = _PINNED.search((need.specifier or "") if need else "")
    return match[1] if match else None


def without_rustup(
    system: System, host: Host, need: Requirement | None, otherwise: str
) -> tuple[Remedy, ...]:
    """A rustup of devtool's own with all that the checkout calls; in words alone where there is none."""
    version = pinned(need)
    named = need.toolchains if need else ()
    toolchains = tuple(dict.fromkeys((version or "stable", *named)))
    by_hand = Remedy(f"{_RUSTUP}{f', then `rustup default {version}`' if version else ''}{otherwise}")
    reason = f"this checkout builds with Rust {' and '.join(toolchains)}, and only rustup's cargo has both"
    if len(toolchains) == 1:
        reason = f"this checkout builds with Rust {toolchains[0]}"
    action = rustup(system, host, toolchains, reason)
    if action is None:
        return (by_hand,)
    words = (
        "`devtool doctor --fix --only rust` installs rustup with Rust"
        f" {' and '.join(toolchains)} apart from everything else"
    )
    return (Remedy(words, (action,)), by_hand)


def add(name: str, reason: str) -> Remedy:
    """Install one toolchain beside the others."""
    action = RunCommand(
        ("rustup", *INSTALL_TOOLCHAIN, name),
        reason,
        undo_argv=("rustup", "toolchain", "uninstall", name),
    )
    return Remedy(f"`{action.preview}`", (action,))


def choose(needs: Needs, version: str | None, before: str | None) -> Remedy:
    """Have plain `cargo` mean this toolchain below the checkout; `before` is what it means there now."""
    chosen, root = version or "stable", needs.root or "/"
    back = ("set", before) if before else ("unset",)
    action = RunCommand(
        ("rustup", "override", "set", chosen, "--path", root),
        "plain `cargo` means this toolchain in this checkout, and elsewhere what it meant before",
        undo_argv=("rustup", "override", *back, "--path", root),
    )
    return Remedy(f"`{action.preview}`", (action,))


def joined(parts: tuple[Remedy, ...]) -> Remedy:
    """One remedy that takes all of its parts; several remedies would be a choice."""
    actions = tuple(action for part in parts for action in part.actions)
    return Remedy("; ".join(part.summary for part in parts if part.actions), actions)


def commands(remedy: Remedy) -> list[RunCommand]:
    """What it runs."""
    return [action for action in remedy.actions if isinstance(action, RunCommand)]
