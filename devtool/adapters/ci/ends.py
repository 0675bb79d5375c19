"""Both ends of a run's commits, before git is asked about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from devtool.errors import InputError

DEFAULT = "origin/HEAD"
"""The default branch of the remote, as a clone knows it."""


@dataclass(frozen=True)
class Ends:
    """What a service says its run is about: the commits from `base` up to `head`."""

    service: str
    """It and the kind of run, such as `GitHub Actions, pull request`."""
    base: str
    """An id, a branch of the remote as `origin/NAME`, or `origin/HEAD` for its default branch."""
    head: str = "HEAD"
    fetch_head: str = ""
    """What to fetch where the head is not here; the head itself by default."""
    instead: str = ""
    """The base where a push was forced and the one before it is gone; empty where none would be right."""
    branch: str = ""
    """Which branch this is; needed only where the base is the default branch."""
    merged_by_github: bool = False
    """Whether commits that GitHub made when it merged may be among them."""
    rules: str = ""
    """The branch whose `.github/dco.yml` holds, where the base is of the very branch under test."""


def branch(name: str) -> str:
    """A branch of the remote, from its name or its full name there."""
    return f"origin/{name.removeprefix('refs/heads/')}"


def is_id(text: str) -> bool:
    """Whether it is a full id that names something."""
    return len(text) in (40, 64) and set(text) <= set("0123456789abcdef") and set(text) != {"0"}


def refuse(service: str, lacks: str) -> NoReturn:
    """Say that a run does not tell which commits it is about."""
    raise InputError(
        f"{service} does not say which commits to check: {lacks}",
        "name them: `devtool dco check --range A..B`, or `--history` for merged history",
    )
