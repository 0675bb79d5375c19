"""Whether git works here, knows who commits, trusts the right checkouts, and can push."""

from __future__ import annotations

import re

from devtool.checks.check import Check, finding
from devtool.checks.git_configuration import (
    Unread,
    checkout_known,
    read_here,
    read_outer,
)
from devtool.checks.git_identity import examine_identity
from devtool.checks.packages import from_packages, same_name
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.model.version import find_version
from devtool.system import System

POST_BUFFER = "http.postbuffer"
POST_BUFFER_DEFAULT_BYTES = 1024**2
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def examine_git(system: System, host: Host, needs: Needs) -> Finding:
    """Ask git for its version."""
    answer = system.process.run(["git", "--version"], cwd="/")
    if answer.outcome == "absent":
        return finding("git", "failure", "`git` is not on PATH", remedies=(_install(system, host),))
    version = find_version(answer.output) if answer.ok else None
    if version is None:
        lines = answer.output.strip().splitlines()[:3]
        if host.os == "macos" and "xcrun" in answer.output:
            cure = Remedy("run `xcode-select --install`: macOS's own `git` is part of its command line tools")
            return finding(
                "git", "failure", "`git` is a stand-in for missing tools", *lines, remedies=(cure,)
            )
        problem = "prints no version" if answer.ok else answer.describe()
        return finding("git", "unknown", f"cannot read git's version: `git --version` {problem}", *lines)
    return finding("git", "ok", f"git {version}")


def examine_safe_directory(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether git's protection against foreign checkouts is switched off everywhere."""
    configuration = read_outer(system)
    if isinstance(configuration, Unread):
        return _unread("git-safe-directory", configuration)
    if "*" not in configuration.all("safe.directory"):
        return finding("git-safe-directory", "ok", "git protects from checkouts of other users")
    stars = [s for s in configuration.settings if s.key == "safe.directory" and s.value == "*"]
    places = sorted({setting.place for setting in stars})
    remedy = (
        Remedy(
            r"take the entry out: `git config --global --unset-all safe.directory '^\*$'`",
            (
                RunCommand(
                    ("git", "config", "--global", "--unset-all", "safe.directory", r"^\*$"),
                    "any user's checkout can name programs that git would run as you",
                    undo_argv=("git", "config", "--global", "--add", "safe.directory", "*"),
                ),
            ),
        )
        if not any(place.startswith("/etc/") for place in places)
        else Remedy(r"run `sudo git config --system --unset-all safe.directory '^\*$'`")
    )
    return finding(
        "git-safe-directory",
        "warning",
        "`safe.directory = *` switches git's protection from other users' checkouts off everywhere",
        *(f"set in {place}" for place in places),
        remedies=(remedy,),
    )


def examine_ownership(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether git refuses the checkout because it belongs to somebody else."""
    root = needs.root or "/"
    answer = system.process.run(["git", "rev-parse", "--git-dir"], cwd=root)
    said = answer.stderr.strip().splitlines()
    if answer.outcome == "absent":
        return finding("git-ownership", "skipped", "`git` is not on PATH")
    if answer.ok:
        return finding("git-ownership", "ok", f"git accepts `{root}`")
    if "not a git repository" in answer.stderr:
        return finding("git-ownership", "skipped", f"`{root}` is not a git checkout")
    refused = re.search(
        r"dubious ownership in repository at '(.+)'|unsafe repository \('(.+)'", answer.stderr
    )
    if refused is None:
        return finding("git-ownership", "unknown", f"`git rev-parse` in `{root}` {answer.describe()}", *said)
    path = refused[1] or refused[2]
    owner = system.files.owner_id(path)
    trust = Remedy(
        f'trust this checkout if you know who made it, or take it over: `sudo chown -R "$(id -un)" {path}`',
        (SetGitKey("safe.directory", path, "git refuses a checkout of another user otherwise", add=True),),
    )
    return finding(
        "git-ownership",
        "failure",
        f"git refuses `{path}`: it belongs to user {owner}, and you are user {system.machine.user_id()}",
        *said[:1],
        remedies=(trust,),
    )


def examine_post_buffer(system: System, host: Host, needs: Needs) -> Finding:
    """Hold `http.postBuffer` against git's default of 1 MiB, below which large pushes are cut up."""
    configuration = read_here(system, needs)
    if isinstance(configuration, Unread):
        return _unread("git-post-buffer", configuration)
    setting = configuration.last(POST_BUFFER)
    if setting is None:
        return finding("git-post-buffer", "ok", "`http.postBuffer` is not set: git's default of 1 MiB holds")
    size = read_size(setting.value)
    said = f"`http.postBuffer` is {setting.value or 'empty'}"
    if size is not None and size >= POST_BUFFER_DEFAULT_BYTES:
        same = "git's default" if size == POST_BUFFER_DEFAULT_BYTES else "above git's default of 1 MiB"
        return finding("git-post-buffer", "ok", f"{said}, {same}")
    reason = "smaller buffers make git push in chunks, which some servers and proxies refuse"
    if not setting.own:
        value = str(POST_BUFFER_DEFAULT_BYTES)
        remedy = Remedy(
            f"set git's default: `git config --global http.postBuffer {value}`",
            (SetGitKey("http.postBuffer", value, reason),),
        )
    else:
        at = ("git", "-C", needs.root or ".", "config")
        undo = (*at, "http.postBuffer", setting.value)
        action = RunCommand((*at, "--unset-all", "http.postBuffer"), reason, undo_argv=undo)
        remedy = Remedy(f"take it out of the checkout's own configuration: `{action.preview}`", (action,))
    if size is None:
        return finding(
            "git-post-buffer",
            "failure",
            f"{said}, which git cannot read as a size: every clone, fetch and push over HTTP stops",
            f"set in {setting.place}",
            remedies=(remedy,),
        )
    return finding(
        "git-post-buffer",
        "warning",
        f"{said}, below git's default of 1 MiB: large pushes over HTTP may be refused",
        f"set in {setting.place}",
        remedies=(remedy,),
    )


def read_size(text: str) -> int | None:
    """A number as git's configuration spells it (`512k`, `1M`), or None."""
    match = re.fullmatch(r"\s*(-?\d+)([kmg]?)", text, re.IGNORECASE)
    return None if match is None else int(match[1]) * _UNITS[match[2].lower()]


def _unread(check_id: str, unread: Unread) -> Finding:
    return finding(check_id, unread.severity, unread.reason, *unread.evidence)


def _install(system: System, host: Host) -> Remedy:
    if host.os == "macos":
        return Remedy("run `xcode-select --install`")
    packaged = from_packages(system, host, same_name("git"), tool="git")
    return packaged or Remedy("install git: https://git-scm.com/downloads")


GIT_CHECKS = (
    Check("git", "git works", "commit", examine_git, programs=("git",), variables=("PATH",)),
    Check("git-ownership", "git accepts this checkout", "build", examine_ownership, checkout_known),
    Check("git-safe-directory", "git's protection is on", "commit", examine_safe_directory),
    Check("git-post-buffer", "git's HTTP buffer", "commit", examine_post_buffer),
)
IDENTITY_CHECKS = (Check("git-identity", "git knows who commits", "commit", examine_identity),)
