"""Go: the version that go.mod names, or one that can fetch it."""

from __future__ import annotations

import dataclasses
import posixpath
import re

from devtool.adapters.toolchain_sources import GO_VARIABLE, go_archive
from devtool.adapters.versions import compare, satisfies
from devtool.checks.check import Check, finding
from devtool.checks.packages import Packages, from_packages, may_install
from devtool.checks.tool import Seen, ask, judge, needed, stated, unknown
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

# From here on Go fetches the toolchain that go.mod names: https://go.dev/doc/toolchain
FIRST_THAT_SWITCHES = "1.21"
# Every start of `go` >= 1.23 writes its counters below the home, `go version` too; a folder
# that cannot be made leaves them unwritten (cmd/internal/telemetry/counter).
_SILENT = {"TEST_TELEMETRY_DIR": "/dev/null/none"}
LOCAL = {**_SILENT, "GOTOOLCHAIN": "local"}
# What a release packages, and keeps: packages.debian.org, packages.ubuntu.com
_PACKAGED = {
    ("debian", "12"): "1.19.8",
    ("debian", "13"): "1.24.4",
    ("ubuntu", "20.04"): "1.13.8",
    ("ubuntu", "22.04"): "1.18.1",
    ("ubuntu", "24.04"): "1.22.2",
}
_PATTERN = r"go version go(\d+\.\d+(?:\.\d+|rc\d+)?)"
_NAMED = re.compile(r"(?:==|>=|~=)\s*(\d+\.\d+(?:\.\d+|rc\d+|beta\d+)?)")
_POLICY = re.compile(r"(?:auto|local|path|go\d[\w.]*)(?:\+(?:auto|path))?")


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold Go against go.mod, counting in what it may download."""
    need = needs.tool("go")
    seen = ask(system, ["go", "version"], pattern=_PATTERN, env=LOCAL)
    verdict = judge("go", need, seen)
    if need is None or verdict.severity != "failure":
        return verdict
    if seen.version is None:
        return dataclasses.replace(verdict, remedies=_install(system, host, need))
    if (compare(seen.version, FIRST_THAT_SWITCHES) or 0) < 0:
        return judge("go", need, seen, remedies=_archive(system, host, need))
    return _by_policy(system, host, need, seen)


def _by_policy(system: System, host: Host, need: Requirement, seen: Seen) -> Finding:
    """The verdict on a Go that is too old and could fetch a newer one, by its GOTOOLCHAIN."""
    # Go answers exactly this question itself, whatever toolchain the setting names.
    answer = system.process.run(["go", "env", "GOTOOLCHAIN"], cwd="/", env=_SILENT)
    if not answer.ok:
        trouble = f"`{answer.line}` {answer.describe()}"
        return unknown("go", need, dataclasses.replace(seen, trouble=trouble))
    policy = answer.stdout.strip()
    if _POLICY.fullmatch(policy) is None:
        trouble = f"`{answer.line}` printed no setting that we know"
        return unknown("go", need, dataclasses.replace(seen, trouble=trouble))
    evidence = (*seen.evidence, f"GOTOOLCHAIN={policy}")
    if fetches(policy, need.specifier or ""):
        summary = f"go {seen.version} fetches the toolchain `{need.specifier}` that {_place(need)} asks for"
        return finding("go", "ok", summary, *evidence, requirement=need)
    summary = (
        f"go {seen.version} does not satisfy `{need.specifier}`{stated(need)},"
        f" and `GOTOOLCHAIN={policy}` keeps it from fetching one that does"
    )
    # One that names a version makes every Go become that one.
    apart = (_by_hand(need),) if re.match(r"go\d", policy) else _archive(system, host, need)
    remedies = (_allow(system, answer), *apart)
    return finding("go", "failure", summary, *evidence, requirement=need, remedies=remedies)


def fetches(policy: str, specifier: str) -> bool:
    """Whether this GOTOOLCHAIN gives a toolchain that fits: `auto`, `go1.26.5`, `go1.22.0+auto`."""
    if policy == "auto" or policy.endswith("+auto"):
        return True
    named = re.fullmatch(r"go(\d+\.\d+(?:\.\d+)?)", policy)
    return bool(named and satisfies(named[1], specifier))


def _place(need: Requirement) -> str:
    return need.source or "this checkout"


def _allow(system: System, answer: Answer) -> Remedy:
    """Let Go fetch toolchains, where the setting is made."""
    if "GOTOOLCHAIN" in system.env:
        return Remedy("`unset GOTOOLCHAIN`, here and in the shell's profile: it keeps Go from fetching")
    action = RunCommand(
        ("go", "env", "-w", "GOTOOLCHAIN=auto"),
        "let Go fetch the toolchain that go.mod names",
        undo_argv=("go", "env", "-w", f"GOTOOLCHAIN={answer.stdout.strip()}"),
    )
    return Remedy(f"`{action.preview}` lets Go fetch the toolchain itself", (action,))


def _install(system: System, host: Host, need: Requirement) -> tuple[Remedy, ...]:
    # Homebrew carries the newest Go; the packages of distributions mostly lag behind go.mod.
    fitting: Packages = {"brew": ("go",)}
    packaged = _PACKAGED.get((host.distribution or "", host.version or ""))
    if packaged and satisfies(packaged, need.specifier or ""):
        fitting = {**fitting, "apt-get": ("golang-go",)}
    remedy = from_packages(system, host, fitting, tool="go")
    apart = _archive(system, host, need)
    if remedy is None:
        return apart
    return (remedy, *apart) if may_install(system, remedy) else (*apart, remedy)


def _archive(system: System, host: Host, need: Requirement) -> tuple[Remedy, ...]:
    """The official Go of exactly the version that go.mod names; in words alone where there is none."""
    named = _NAMED.search(need.specifier or "")
    reason = f"{_place(need)} asks for Go `{need.specifier}`"
    action = go_archive(system, host, named[1], reason) if named else None
    if action is None:
        return (_by_hand(need),)
    words = f"`devtool doctor --fix --only go` installs Go {action.version} apart from everything else"
    return (Remedy(words, (action,)), _by_hand(need))


def _by_hand(need: Requirement) -> Remedy:
    which = f"Go `{need.specifier}`" if need.specifier else "Go"
    return Remedy(f"install {which} from https://go.dev/dl and put its `bin` first on PATH")


def _settings(system: System, needs: Needs) -> list[str]:
    """Files in which Go's settings are made: the person's (`go env -w`) and each installation's."""
    home = system.machine.home(system.env)
    config = system.env.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else None)
    own = [
        system.env.get("GOENV"),
        f"{config}/go/env" if config else None,
        f"{home}/Library/Application Support/go/env" if home else None,
    ]
    real = [system.files.real(path) for path in system.process.which_all("go")]
    return [*filter(None, own), *(f"{posixpath.dirname(path)}/../go.env" for path in real)]


GO = Check(
    "go",
    "Go is new enough, or may fetch what is",
    "build",
    examine,
    needed("go"),
    programs=("go",),
    variables=("GOTOOLCHAIN", "GOENV", GO_VARIABLE),
    files=_settings,
)
