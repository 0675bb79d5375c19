"""Mirrors that no variable names: what a plan needs so that apt and the private Cargo fetch from them."""

from __future__ import annotations

import json
from dataclasses import replace

from devtool.adapters.apt_sources import with_mirror
from devtool.adapters.toolchain_sources import rust_folder
from devtool.errors import InputError
from devtool.model.mirrors import Mirror, own_variable
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Action, Step
from devtool.model.report import Report
from devtool.model.text_change import WriteText
from devtool.model.toolchain import InstallRustup
from devtool.system import System

_RUST = "rust"
_MARK = "# devtool keeps this file in step with the mirror of crates that it is told.\n"


def mirrored(system: System, report: Report, steps: list[Step]) -> list[Step]:
    """The steps of a plan with what has them use the mirrors that hold."""
    made = [each for step in steps for each in _from_apt_mirror(system, step)]
    if any(finding.id == _RUST for finding in report.findings):
        made += crates_steps(system, named(system, "crates"), [step.action for step in steps])
    return made


def named(system: System, kind: str) -> str | None:
    """The mirror of a kind that no program's variable names, without its login."""
    url = system.env.get(own_variable(kind))
    mirror = Mirror(kind, url, "") if url else None
    if mirror is not None and mirror.has_login:
        system.console.note(f"{kind}: the mirror's login is not written down, and so it is asked without")
    return mirror.shown if mirror else None


def crates_steps(system: System, mirror: str | None, actions: list[Action]) -> list[Step]:
    """What brings the private Cargo's own configuration in step with the mirror; other Cargos are let be."""
    try:
        folder = rust_folder(system)
    except InputError:  # no home, and so no private Cargo
        return []
    comes = any(isinstance(action, InstallRustup) and action.folder == folder for action in actions)
    if not comes and not system.files.executable(f"{folder}/cargo/bin/cargo"):
        return []
    path = f"{folder}/cargo/config.toml"
    before = None if comes else system.files.read_text(path)
    if mirror is None and not (before or "").startswith(_MARK):
        return []
    after = f"{_MARK}{_replacement(mirror)}" if mirror else _MARK
    if before is not None and not before.startswith(_MARK):
        system.console.note(f"`{path}` is not devtool's: it stays, and crates come from where it says")
        return []
    reason = f"the private Cargo fetches crates from {mirror}" if mirror else "no mirror of crates is named"
    return [] if before == after else [Step(WriteText(path, before, after, reason), (_RUST,))]


def _replacement(mirror: str) -> str:
    # Without the slash at the end Cargo looks beside the index.
    registry = json.dumps(f"sparse+{mirror.rstrip('/')}/", ensure_ascii=False)
    return f'[source.crates-io]\nreplace-with = "mirror"\n\n[source.mirror]\nregistry = {registry}\n'


def _from_apt_mirror(system: System, step: Step) -> list[Step]:
    action, mirror = step.action, named(system, "apt")
    if not isinstance(action, InstallPackages) or action.manager != "apt-get" or mirror is None:
        return [step]
    folder = f"{system.directories.data}/apt-sources"
    files = with_mirror(system, mirror, folder)
    if files is None:
        system.console.note("no source of apt names this release's archive: packages come from where they do")
        return [step]
    reason = f"apt reads copies of its sources with {mirror} in the archive's place, for this alone"
    written = [
        Step(WriteText(path, before, text, reason), step.asked_by)
        for path, text in files.items()
        if (before := system.files.read_text(path)) != text
    ]
    return [*written, Step(replace(action, sources=folder), step.asked_by)]
