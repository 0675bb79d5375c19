"""Lint tools that `make` installs into the checkout's own `bin`.

None of them is started: what lies in a checkout was put there by others. Go
reads the version out of the file.
"""

from __future__ import annotations

import re

from devtool.checks.check import Check, finding
from devtool.checks.go import LOCAL
from devtool.checks.tool import Seen, judge, needed, stated, unknown
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

NAMES = ("golangci-lint", "mockery", "gofumpt", "gci")
_INSTALLERS = {"gofumpt": "make lint-fix", "gci": "make lint-fix"}
"""Where it is not `make getdeps`."""


def check(name: str) -> Check:
    """The check of one tool."""

    def examine(system: System, host: Host, needs: Needs) -> Finding:
        return _examine(system, needs, name)

    wanted = needed(name)
    return Check(
        name,
        f"{name} in `./bin` is the one it pins",
        "commit",
        examine,
        lambda host, needs: wanted(host, needs) and installed_by_make(needs.tool(name)),
        programs=("go",),
        files=lambda system, needs: [f"{needs.root}/bin/{name}"],
    )


def installed_by_make(need: Requirement | None) -> bool:
    """Whether the Makefile pins the tool, whose targets then install it; other projects' lie on PATH."""
    return need is not None and (need.source is None or need.source.startswith("Makefile:"))


def _examine(system: System, needs: Needs, name: str) -> Finding:
    need = needs.tool(name)
    path = f"{needs.root}/bin/{name}"
    here = [f"{needs.root}/bin/{each}" for each in NAMES]
    here = [each for each in here if system.files.kind(each) == "file"]
    installer = _INSTALLERS.get(name, "make getdeps")
    if path not in here:
        # The targets that call the tool install it first: nothing is missing, and nothing is to be done.
        pinned = f"`{need.specifier}`{stated(need)}" if need and need.specifier else "it"
        summary = f"{name} is not in this checkout's `bin` yet; `{installer}` installs {pinned}"
        return finding(name, "ok", summary, requirement=need)
    # One question for all four, which the examination then asks once.
    answer = system.process.run(["go", "version", "-m", *here], cwd="/", env=LOCAL)
    if not answer.found:
        return unknown(name, need, Seen(name, path, trouble=f"reading {name}'s version takes `go`"))
    if answer.outcome != "ended":
        return unknown(name, need, Seen(name, path, trouble=f"`go version -m` {answer.describe()}"))
    line, version = _module(answer.stdout, path)
    if version is None:
        trouble = f"`go version -m {path}` names no version that we can read"
        return unknown(name, need, Seen(name, path, trouble=trouble, evidence=(path,)))
    remedies = (Remedy(f"`rm {path} && {installer}` installs the pinned one"),)
    seen = Seen(name, path, version, evidence=(path, line))
    return judge(name, need, seen, lacking="warning", remedies=remedies)


def _module(text: str, path: str) -> tuple[str, str | None]:
    """The `mod` line of one file's part of the output, and the version in it."""
    part = re.search(rf"^{re.escape(path)}: .*\n(?:\t.*\n?)*", text, re.MULTILINE)
    line = re.search(r"^\tmod\t\S+\tv(\d+\.\d+\.\d+)\S*.*$", part[0] if part else "", re.MULTILINE)
    return (line[0].strip(), line[1]) if line else ("", None)


CHECKOUT_TOOLS = tuple(check(name) for name in NAMES)
