"""Rust: the default toolchain, and those that the build calls by name."""

from __future__ import annotations

from dataclasses import replace

from devtool.model.requirement import Requirement
from devtool.requirements.rules.precedence import Case, settle


def settle_rust(case: Case) -> Requirement:
    """The default toolchain by precedence, with the `cargo +X` of the build's own files."""
    default = settle(case)
    called = case.evidence("toolchains")
    optional = case.evidence("optional")
    # Also the default's own version: where the default is called `stable`, `cargo +1.92` finds no such name.
    named = {line.value for line in called}
    spare = {line.value: line for line in reversed(optional) if line.value not in named}
    notes = [f"`cargo +{line.value}` in {line.source} works only with rustup's cargo" for line in called[:1]]
    notes += [f"{value} is needed only where {line.path} is built" for value, line in sorted(spare.items())]
    return replace(default, toolchains=tuple(sorted(named)), notes=(*notes, *default.notes))
