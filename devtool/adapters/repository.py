"""Where a checkout begins, and git commands kept from running anything that its configuration names."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from devtool.errors import DevtoolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devtool.model.command import Answer
    from devtool.model.reason import Change
    from devtool.system import System
    from devtool.system.process import Changes

MARKS = ("devtool.toml", ".git")
GIT = (
    "git",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "protocol.allow=never"),
)
"""How every git command begins: what a repository could make it start is switched off."""


def find_root(system: System, start: str) -> str | None:
    """The nearest folder from `start` upwards that holds `devtool.toml` or `.git`, or None."""
    return next((posixpath.dirname(mark) for mark in marks_above(system, start)), None)


def marks_above(system: System, start: str) -> list[str]:
    """Every mark by which a checkout could begin, from `start` upwards."""
    return [
        path
        for folder in upwards(system, start)
        for mark in MARKS
        if _there(system, path := posixpath.join(folder, mark))
    ]


def find_repository(system: System, start: str) -> str | None:
    """The nearest folder from `start` upwards that is a work tree of git or a bare repository, or None."""

    for folder in upwards(system, start):
        if _there(system, posixpath.join(folder, ".git")):
            return folder
        if all(_there(system, posixpath.join(folder, name)) for name in ("HEAD", "objects", "refs")):
            return folder
    return None


def upwards(system: System, start: str) -> Iterator[str]:
    """The folder `start` and every one above it."""
    folder, below = posixpath.normpath(posixpath.join(system.cwd, start)), None
    while folder != below:
        yield folder
        folder, below = posixpath.dirname(folder), folder


def git_environment(env: Mapping[str, str]) -> Changes:
    """Changes that keep git from the network, from prompts, and from what the caller's shell set."""
    return {
        **{name: None for name in env if name.startswith("GIT_")},
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
    }


def run_git(system: System, repository: str, *arguments: str) -> Answer:
    """One git command, kept from everything it could start."""
    return system.process.run(
        [*GIT, "-C", repository, *arguments], cwd="/", env=git_environment(system.env), timeout_seconds=60
    )


def last_change(system: System, repository: str, commit: str, path: str, line: int) -> Change:
    """The commit that last changed a line of `path` as `commit` holds it. Raises DevtoolError."""
    options = ("--no-textconv", "--porcelain", "-L", f"{line},{line}")
    answer = run_git(system, repository, "blame", *options, commit, "--", path)
    if not answer.ok and "object name" in answer.stderr:
        # `blame.ignoreRevsFile` names a file that is not there or lists no commits, and cannot be unset.
        return _last_change_by_log(system, repository, commit, path, line)
    lines = answer.stdout.splitlines()
    if not answer.ok or not lines:
        told = answer.stderr.strip().splitlines()
        raise DevtoolError(f"`git blame` {answer.describe()}" + (f": {told[0]}" if told else ""))
    said = dict(text.split(" ", 1) for text in lines[1:] if " " in text and not text.startswith("\t"))
    from devtool.model.reason import Change

    return Change(lines[0].split()[0], _day(said["committer-time"]), said["author"], said.get("summary", ""))


def _last_change_by_log(system: System, repository: str, commit: str, path: str, line: int) -> Change:
    answer = run_git(
        system,
        repository,
        *("-c", "log.showSignature=false", "log", "-1", "--no-patch", "--no-textconv", "--no-ext-diff"),
        *("--format=%H%x00%ct%x00%an%x00%s", f"-L{line},{line}:{path}", commit),
    )
    parts = answer.stdout.rstrip("\n").split("\0")
    if not answer.ok or len(parts) != 4:
        told = answer.stderr.strip().splitlines()
        raise DevtoolError(f"`git log` {answer.describe()}" + (f": {told[0]}" if told else ""))
    from devtool.model.reason import Change

    return Change(parts[0], _day(parts[1]), parts[2], parts[3])


def _day(seconds: str) -> str:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%d")


def _there(system: System, path: str) -> bool:
    # A link that leads nowhere is a broken mark, which whoever reads it reports, and not no mark.
    return system.files.kind(path) is not None or system.files.link_target(path) is not None
