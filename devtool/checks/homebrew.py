"""Whether Homebrew is missing, or only not on PATH, and whether a missing git identity may be why."""

from __future__ import annotations

from devtool.adapters.homebrew import PREFIXES, prefix_for
from devtool.adapters.shell import find_profile
from devtool.checks.check import Check, finding
from devtool.checks.git_configuration import Configuration, read_outer
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs
from devtool.system import System

_INSTALL = '/bin/bash -c "$(curl -fsSL https://raw.githubusercontent.com/Homebrew/install/HEAD/install.sh)"'


def examine_homebrew(system: System, host: Host, needs: Needs) -> Finding:
    """Tell apart a Homebrew that is hidden from one that is not there."""
    check_id = "homebrew-path"
    if brew := system.process.which("brew"):
        return finding(check_id, "ok", f"`brew` is on PATH at `{brew}`")
    known = [prefix_for(host), *PREFIXES, *([f"{host.home}/.linuxbrew"] if host.home else [])]
    paths = [f"{prefix}/bin/brew" for prefix in dict.fromkeys(known)]
    hidden = next((path for path in paths if system.files.executable(path)), None)
    if hidden is not None:
        return _hidden(system, host, hidden)
    if host.os != "macos":
        return finding(check_id, "skipped", "Homebrew is not installed, and nothing here needs it")
    return _missing(system)


def _hidden(system: System, host: Host, brew: str) -> Finding:
    # Only macOS builds take their compiler and libraries from Homebrew.
    severity: Severity = "failure" if host.os == "macos" else "warning"
    said = f"Homebrew is installed at `{brew}`, which is not on PATH: `brew: command not found`"
    profile = find_profile(system, host)
    if profile is None:
        cure = Remedy(f'run `eval "$({brew} shellenv)"`')
        return finding("homebrew-path", severity, said, remedies=(cure,))
    line = profile.evaluated((brew, "shellenv"))
    if profile.holds(system, line):
        told = f"{said}; `{profile.path}` has the line that cures it: open a new terminal"
        return finding("homebrew-path", "warning", told)
    remedy = profile.append(line, "the installer leaves this line to you")
    return finding("homebrew-path", severity, said, remedies=(remedy,))


def _missing(system: System) -> Finding:
    configuration = read_outer(system)
    anonymous = isinstance(configuration, Configuration) and not (
        configuration.value("user.name") and configuration.value("user.email")
    )
    said = "Homebrew is not installed: `brew: command not found`"
    remedies = [Remedy(f"install it: `{_INSTALL}`")]
    if anonymous:
        said += "; git has no identity either, at which its installer may have stopped"
        remedies.insert(0, Remedy("tell git who you are first: see `git-identity`"))
    return finding("homebrew-path", "failure", said, remedies=tuple(remedies))


HOMEBREW_CHECKS = (Check("homebrew-path", "Homebrew is on PATH", "build", examine_homebrew),)
