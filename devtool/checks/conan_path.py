"""Whether a Conan is installed where the shell does not look."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devtool.adapters.homebrew import PREFIXES
from devtool.adapters.shell import SHIMS_REASON, find_profile
from devtool.checks.check import Check, finding
from devtool.checks.tool import needed
from devtool.errors import InputError
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

# Below these folders, one folder a Python or a tool, each with its own `bin`.
_FAMILIES = (
    "{home}/Library/Python",
    "{home}/.local/share/pipx/venvs",
    "{home}/.local/pipx/venvs",
    "{pyenv}/versions",
)


def examine_conan_path(system: System, host: Host, needs: Needs) -> Finding:
    """Look where pip, pipx, pyenv and devtool itself put `conan`."""
    check_id = "conan-path"
    shims = _shims(system)
    on_path = system.env.get("PATH", "").split(":")
    shadowed = shims is not None and shims not in on_path and system.files.executable(f"{shims}/conan")
    visible = system.process.which("conan")
    if visible is not None and not shadowed:
        return finding(check_id, "ok", f"`conan` is on PATH at `{visible}`")
    hidden = next((path for path in _candidates(system, host, shims) if system.files.executable(path)), None)
    if hidden is None:
        return finding(check_id, "skipped", "no `conan` is installed anywhere: see `conan`")
    said = f"`conan` is installed at `{hidden}`, which is not on PATH"
    profile = find_profile(system, host)
    folder = posixpath.dirname(hidden)
    if profile is None:
        return finding(check_id, "failure", said, remedies=(Remedy(f'run `export PATH="{folder}:$PATH"`'),))
    # A whole environment on PATH would put its Python before the person's own.
    narrow = f"{profile.home}/.local/bin"
    linked = folder != shims and system.files.executable(f"{folder}/python3")
    line = profile.on_path(narrow if linked else folder)
    reason = SHIMS_REASON if folder == shims else "the shell looks for programs on PATH alone"
    remedy = profile.append(line, reason)
    if linked:
        link = RunCommand(
            ("ln", "-s", hidden, f"{narrow}/conan"),
            "shows this one program, not the whole environment",
            undo_argv=("rm", f"{narrow}/conan"),
        )
        taken = f"{narrow}/conan"
        if system.files.kind(taken) is not None or system.files.link_target(taken) is not None:
            # What is there is not ours to replace, and undo would remove it.
            cure = Remedy(f"`{taken}` is there and cannot be run: remove it, then `devtool doctor --fix`")
            return finding(check_id, "failure", said, remedies=(cure,))
        folders = () if system.files.kind(narrow) else (_folder(narrow),)
        appended = () if narrow in on_path else remedy.actions
        also = "" if narrow in on_path else f", and put that folder on PATH: `{line}` in `{profile.path}`"
        remedy = Remedy(f"link it into `{narrow}`{also}", (*folders, link, *appended))
    elif profile.holds(system, line):
        return finding(check_id, "warning", f"{said} yet; `{profile.path}` has the line: open a new terminal")
    return finding(check_id, "failure", said, remedies=(remedy,))


def _folder(path: str) -> RunCommand:
    """Make the folder; taken back where nothing else has moved in by then."""
    return RunCommand(
        ("mkdir", "-p", path),
        "the link's folder",
        undo_argv=("sh", "-c", 'rmdir "$1" 2>/dev/null || true', "sh", path),
    )


def _candidates(system: System, host: Host, shims: str | None) -> Iterator[str]:
    env, home = system.env, host.home
    if shims:
        yield f"{shims}/conan"
    for folder in (env.get("PIPX_BIN_DIR"), f"{home}/.local/bin" if home else None):
        if folder:
            yield f"{folder}/conan"
    if home:
        yield f"{home}/.venv/conan/bin/conan"
        pyenv = env.get("PYENV_ROOT") or f"{home}/.pyenv"
        for family in (f.format(home=home, pyenv=pyenv) for f in _FAMILIES):
            for name in reversed(system.files.names(family)):
                yield f"{family}/{name}/bin/conan"
    for prefix in PREFIXES:
        yield f"{prefix}/bin/conan"


def _shims(system: System) -> str | None:
    try:
        return system.directories.shims
    except InputError:
        return None


CONAN_PATH_CHECKS = (Check("conan-path", "Conan is on PATH", "build", examine_conan_path, needed("conan")),)
