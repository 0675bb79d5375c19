"""Rust: the default toolchain, and those that the build calls by name beside it."""

from __future__ import annotations

from dataclasses import replace

from devtool.model.requirement import Requirement
from devtool.requirements.rules.precedence import Case, settle


def settle_rust(case: Case) -> Requirement:
    """The default toolchain by precedence, with the `cargo +X` of the build's own files."""
    default = settle(case)
    called = case.evidence("toolchains")
    optional = case.evidence("optional")
    own = (default.specifier or "").removeprefix("==").removesuffix(".*")
    extra = {line.value: line for line in reversed(called) if line.value != own}
    spare = {line.value: line for line in reversed(optional) if line.value not in {own, *extra}}
    notes = [f"`cargo +{line.value}` in {line.source} works only with rustup's cargo" for line in called[:1]]
    notes += [f"{value} is needed only where {line.path} is built" for value, line in sorted(spare.items())]
    return replace(default, toolchains=tuple(sorted(extra)), notes=(*notes, *default.notes))
