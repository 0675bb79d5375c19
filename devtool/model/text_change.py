"""Changing a text file as a whole or its name, and how the change looks to a person."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

_NO_END = "\\ No newline at end of file\n"


@dataclass(frozen=True)
class WriteText:
    """Put a text in place of what a file holds, or make the file."""

    path: str
    before: str | None
    """What the file holds, None where there is none; with anything else there it is not done."""
    after: str
    reason: str
    needs_root: bool = False
    mode: int | None = None
    """Its permissions afterwards; None keeps them, or leaves them to the umask."""

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return f"{'make' if self.before is None else 'change'} `{self.path}`"

    @property
    def command(self) -> str:
        """The shell lines as the file's owner would type them."""
        path, end = shlex.quote(self.path), "END"
        if self.before is None:
            body, start = self.after, f"mkdir -p {shlex.quote(posixpath.dirname(self.path))}\ncat > {path}"
        else:
            # --binary: else patch takes the carriage returns of CRLF lines away.
            body, start = unified(self.before, self.after, self.path, context=0), f"patch --binary -u {path}"
        while end in body:
            end += "_"
        mode = "" if self.mode is None else f"\nchmod {self.mode:o} {path}"
        return f"{start} <<'{end}'\n{body}{end}{mode}"

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return f"sudo sh -c {shlex.quote(self.command)}" if self.needs_root else self.command


@dataclass(frozen=True)
class MoveFile:
    """Give a file, or a link as such, another name in its folder, where that name is free."""

    path: str
    to: str
    reason: str
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def command(self) -> str:
        """The shell line as the file's owner would type it."""
        return shlex.join(["mv", "-n", self.path, self.to])

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return f"sudo {self.command}" if self.needs_root else self.command


@dataclass(frozen=True)
class RemoveFile:
    """Remove a text file that still holds what it is known for."""

    path: str
    before: str
    """What it holds; with anything else there it is not done."""
    reason: str
    mode: int | None = None
    """Its permissions, for the way back; None leaves them to the umask."""
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def command(self) -> str:
        """The shell line as the file's owner would type it."""
        return shlex.join(["rm", "--", self.path])

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return f"sudo {self.command}" if self.needs_root else self.command


def unified(before: str | None, after: str, name: str, context: int = 3) -> str:
    """The change as a unified diff; empty where nothing changes."""
    old, new = _lines(before or ""), _lines(after)
    names = "/dev/null" if before is None else f"a/{name.lstrip('/')}", f"b/{name.lstrip('/')}"
    return "".join(_ended(unified_diff(old, new, *names, n=context)))


def _lines(text: str) -> list[str]:
    # Not `splitlines`, which also breaks at characters that diff and patch take for text.
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]] * (
        text[-1:] not in "\n"
    )


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"
