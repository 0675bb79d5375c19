"""clang-format: every major formats differently, so the checkout's own counts."""

from __future__ import annotations

import re
from contextlib import suppress

from devtool.adapters.versions import major
from devtool.checks.check import Check
from devtool.checks.packages import in_environment
from devtool.checks.tool import Seen, ask, judge, needed
from devtool.errors import DevtoolError
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

# On PyPI, the last of each major that the projects have asked for.
RELEASES = {10: "10.0.1.1", 12: "12.0.1.2", 14: "14.0.6", 15: "15.0.7", 16: "16.0.6", 17: "17.0.6",
             18: "18.1.8", 19: "19.1.7", 20: "20.1.8", 21: "21.1.8"}  # fmt: skip
_SCRIPT = "internal/core/run_clang_format.sh"
_PATTERN = r"clang-format version (\d+\.\d+(?:\.\d+)?)"


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the first clang-format of the names that the checkout may call against its need."""
    need = needs.tool("clang-format")
    wanted = _major(need)
    plain = wanted is None or _calls_plain(system, needs)
    chosen = system.env.get("CLANG_FORMAT")
    numbered = () if plain else (f"clang-format-{wanted}",)
    names = (chosen,) if chosen else (*numbered, "clang-format")
    seen = Seen(names[0], None, absent=True)
    for name in names:
        seen = ask(system, [name, "--version"], pattern=_PATTERN)
        if not seen.absent:
            break
    remedies = _remedies(system, need, wanted, "clang-format" if plain else f"clang-format-{wanted}")
    return judge("clang-format", need, seen, lacking="warning", remedies=remedies)


def _calls_plain(system: System, needs: Needs) -> bool:
    """Whether the checkout's script calls `clang-format` without a number, as release 2.5 does."""
    with suppress(DevtoolError):
        text = system.files.read_text(f"{needs.root}/{_SCRIPT}") or ""
        return re.search(r"\bxargs clang-format +-i", text) is not None
    return False


def _major(need: Requirement | None) -> int | None:
    """The one major that the need names, or None."""
    if need and need.accepted:
        return need.accepted[0]
    match = re.search(r"(?:==|~=|>=)\s*(\d+)", (need.specifier or "") if need else "")
    return int(match[1]) if match else None


def _remedies(system: System, need: Requirement | None, wanted: int | None, shim: str) -> tuple[Remedy, ...]:
    version = RELEASES.get(wanted or max(RELEASES))
    if need is None or version is None or system.machine.home(system.env) is None:
        return (Remedy(f"install clang-format {wanted or ''}".rstrip()),)
    reason = f"this checkout formats C++ with clang-format {major(version)}"
    return (in_environment(system, tool="clang-format", version=version, reason=reason, shim=shim),)


def _deciding(system: System, needs: Needs) -> list[str]:
    """The checkout's script, and the program that `CLANG_FORMAT` names."""
    chosen = system.env.get("CLANG_FORMAT")
    return [f"{needs.root}/{_SCRIPT}", *(system.process.which_all(chosen) if chosen else ())]


CLANG_FORMAT = Check(
    "clang-format",
    "clang-format has the major this checkout names",
    "commit",
    examine,
    needed("clang-format"),
    programs=("clang-format", *(f"clang-format-{number}" for number in RELEASES)),
    files=_deciding,
    variables=("CLANG_FORMAT",),
)
