"""What Compose and VS Code call a project: the name by which they find each other's containers.

First generation: `compose/cli/command.py`; later ones: `NormalizeProjectName` of compose-go; VS Code:
`getProjectName` of https://github.com/devcontainers/cli
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from devtool.errors import InputError

_LEFT_OUT = re.compile(r"[^-_a-z0-9]")


@dataclass(frozen=True)
class Naming:
    """What a project's name is made of."""

    folder: str
    """Of the first Compose file."""
    stated: str | None = None
    """`COMPOSE_PROJECT_NAME`, or a flag."""
    in_files: str | None = None
    """`name:` of the files."""
    checkout: str | None = None
    """Where a `devcontainer.json` speaks: the folder that VS Code opens."""

    def name(self, major: int) -> str:
        """The project's name to a Compose of that major version. Raises InputError."""
        first = major == 1
        if self.stated:
            made = _plain(self.stated, first)
            # VS Code mends such a name, which the later Composes refuse: nothing would find the other's.
            if made != self.stated and not first:
                raise InputError(
                    f"`{self.stated}` cannot be a project's name for Compose {major}",
                    f"take small letters, digits, `-` and `_`, such as `{made or 'project'}`",
                )
            return made
        if self.in_files and (made := _plain(self.in_files, first)):
            return made
        base = posixpath.basename(self.folder)
        if self.checkout and self.folder == posixpath.join(self.checkout, ".devcontainer"):
            base = f"{posixpath.basename(self.checkout)}_devcontainer"
        made = _plain(base, first)
        if not made:
            raise InputError(
                f"no project's name can be made of the folder `{base}`",
                "set `COMPOSE_PROJECT_NAME`, or `--project`",
            )
        return made


def _plain(text: str, first: bool) -> str:
    made = _LEFT_OUT.sub("", text.lower())
    return made if first else made.lstrip("_-")
