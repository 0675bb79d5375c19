"""Which files of a checkout are its source: what git tracks or would; without git, all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from devtool.adapters.repository import GIT, git_environment
from devtool.system import System

Marks = dict[str, Any]
"""Path below the checkout to what tells whether the file is as it was."""


def list_files(system: System, root: str) -> Marks:
    """The source as it is now. Raises DevtoolError where git cannot tell."""
    return dict(_marked(system, root, ""))


def _marked(system: System, root: str, below: str) -> Iterator[tuple[str, Any]]:
    for path in sorted(set(_paths(system, f"{root}/{below}".rstrip("/")))):
        whole = f"{root}/{below}{path}"
        target = system.files.link_target(whole)
        if target is not None:
            yield f"{below}{path}", target
        elif system.files.kind(whole) == "folder":  # another repository: a submodule, or one of its own
            yield from _marked(system, root, f"{below}{path.rstrip('/')}/")
        elif stamp := system.files.stamp(whole):
            yield f"{below}{path}", [stamp.size, stamp.modified_ns, system.files.executable(whole)]


def _paths(system: System, folder: str) -> Iterator[str]:
    if system.files.kind(f"{folder}/.git") is None or system.process.which("git") is None:
        yield from _all(system, folder, "")
        return
    argv = [*GIT, "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    talk = system.process.converse(argv, cwd="/", env=git_environment(system.env))
    try:
        listed = b"".join(talk.pieces())
    finally:
        talk.close()
    yield from listed.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _all(system: System, folder: str, below: str) -> Iterator[str]:
    for name in system.files.names(f"{folder}/{below}"):
        path = f"{below}{name}"
        linked = system.files.link_target(f"{folder}/{path}") is not None
        if not linked and system.files.kind(f"{folder}/{path}") == "folder":
            if name != ".git":
                yield from _all(system, folder, f"{path}/")
        else:
            yield path
