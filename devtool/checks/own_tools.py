"""Whether this shell finds the tools that devtool has installed: the other checks do, wherever it looks."""

from __future__ import annotations

from devtool.adapters.shell import SHIMS_REASON, find_profile
from devtool.checks.check import Check, finding
from devtool.errors import InputError
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_ID = "own-tools-path"


def examine_own_tools(system: System, host: Host, needs: Needs) -> Finding:
    """Name what devtool made and a build started from this shell would not find."""
    try:
        shims = system.directories.shims
    except InputError:
        return finding(_ID, "skipped", "without a home devtool has no tools of its own")
    # Conan has a check of its own, which looks in other hidden places too.
    made = [name for name in sorted(system.files.names(shims)) if name != "conan"]
    if not made:
        return finding(_ID, "skipped", "devtool has installed nothing that `conan-path` does not look for")
    if shims in system.env.get("PATH", "").split(":"):
        return finding(_ID, "ok", f"`{shims}` is on PATH")
    said = f"this shell does not find devtool's own {', '.join(made)}: `{shims}` is not on PATH"
    here = Remedy(f'run `export PATH="{shims}:$PATH"` in this shell')
    profile = find_profile(system, host)
    if profile is None or profile.holds(system, line := profile.on_path(shims)):
        return finding(_ID, "warning", said, remedies=(here, Remedy("open a new terminal")))
    return finding(_ID, "warning", said, remedies=(here, profile.append(line, SHIMS_REASON)))


OWN_TOOLS_CHECKS = (Check(_ID, "devtool's own tools are on PATH", "build", examine_own_tools),)
