"""Where git looks for the hooks of a checkout, as git itself says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.repository import git_environment
from devtool.errors import DevtoolError, InputError

if TYPE_CHECKING:
    from devtool.model.command import Answer
    from devtool.system import System

# Not `core.hooksPath`, as every other git command has it: that is what is asked for.
_GIT = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never")


@dataclass(frozen=True)
class HookPlace:
    """The folder that git runs hooks from."""

    folder: str
    root: str
    """Of the work tree."""
    common: str
    """The repository's own folder, which all its work trees share."""

    @property
    def is_private(self) -> bool:
        """Whether it lies in the repository's own folder."""
        return _below(self.folder, self.common)

    @property
    def in_work_tree(self) -> bool:
        """Whether it lies among the checkout's files."""
        return not self.is_private and _below(self.folder, self.root)

    @property
    def is_shared(self) -> bool:
        """Whether other repositories have it too."""
        return not self.is_private and not self.in_work_tree


def find_hooks(system: System) -> HookPlace:
    """Where the hooks of the checkout around `system.cwd` are.

    Raises InputError where there is no work tree of git, DevtoolError where git runs no hooks.
    """
    answer = _run(system, system.cwd, "rev-parse", "--show-toplevel")
    if not answer.found:
        raise DevtoolError("git is not on PATH", "`devtool setup` installs it")
    if not answer.ok:
        said = answer.stderr.strip().splitlines()
        hint = said[0].removeprefix("fatal: ") if said else None
        raise InputError(f"`{system.cwd}` is in no work tree of git", hint)
    root = answer.stdout.rstrip("\n")
    answer = _run(system, root, "rev-parse", "--git-common-dir", "--git-path", "hooks")
    paths = answer.stdout.splitlines()
    if not answer.ok or len(paths) != 2:
        raise DevtoolError(f"cannot tell where git looks for hooks: `git rev-parse` {answer.describe()}")
    common, folder = (posixpath.normpath(posixpath.join(root, path)) for path in paths)
    if system.files.kind(folder) not in (None, "folder"):
        raise DevtoolError(
            f"git runs no hooks here: its `core.hooksPath` is `{folder}`, which is no folder",
            "`git config --show-origin core.hooksPath` says where that is set",
        )
    return HookPlace(folder, root, common)


def is_ignored(system: System, place: HookPlace, path: str) -> bool:
    """Whether git leaves the file out of what it offers to commit."""
    return _run(system, place.root, "check-ignore", "-q", "--", path).ok


def is_tracked(system: System, place: HookPlace, path: str) -> bool:
    """Whether the file is one of the checkout's own."""
    return _run(system, place.root, "ls-files", "--error-unmatch", "--", path).ok


def _run(system: System, folder: str, *arguments: str) -> Answer:
    # The person's configuration may be named by a variable, and may say where hooks are.
    env = {k: v for k, v in git_environment(system.env).items() if not k.startswith("GIT_CONFIG")}
    return system.process.run([*_GIT, "-C", folder, *arguments], cwd="/", env=env)


def _below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")
