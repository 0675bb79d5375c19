"""The shell that the person uses, and how it is opened so that an environment survives its start-up files."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.errors import UnreadableError
from devtool.system.resources import resource_path

if TYPE_CHECKING:
    from devtool.system import System

_DIALECTS = {
    "bash": "bash",
    "zsh": "zsh",
    "fish": "fish",
    **dict.fromkeys(("sh", "dash", "ash", "ksh", "mksh", "busybox", "yash"), "sh"),
}
_START = "DEVTOOL_SHELL_START"


@dataclass(frozen=True)
class Shell:
    """A shell by the name of its program."""

    name: str
    path: str

    @property
    def dialect(self) -> str | None:
        """`bash`, `zsh`, `fish` or `sh`; None for one that devtool does not speak."""
        return _DIALECTS.get(self.name)


@dataclass(frozen=True)
class Opening:
    """What starts a shell."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    survives: bool
    """Whether the environment stands whatever the person's start-up files do."""


def guess_shell(system: System) -> Shell:
    """The shell that started us, else the one that SHELL names."""
    told = system.env.get("SHELL", "")
    parent = _parent(system)
    if parent in _DIALECTS and parent != posixpath.basename(told):
        return Shell(parent, system.process.which(parent) or parent)
    return Shell(posixpath.basename(told) or "sh", told or "/bin/sh")


def opening(system: System, shell: Shell, env: Mapping[str, str]) -> Opening:
    """How the person's shell is started: their own files first, then the environment once more.

    It is worked out anew inside: whatever those files put on PATH is kept.
    """
    if shell.dialect is None:
        return Opening((shell.path,), env, survives=False)
    start = _start(system, shell.dialect)
    if shell.dialect == "fish":
        return Opening((shell.path, "--init-command", start), env, survives=True)
    made = {**env, _START: start}
    if shell.dialect == "bash":
        return Opening((shell.path, "--rcfile", resource_path("shells/bashrc")), made, survives=True)
    if shell.dialect == "zsh":
        own = {"DEVTOOL_SHELL_ZDOTDIR": env.get("ZDOTDIR", ""), "ZDOTDIR": resource_path("shells/zsh")}
        return Opening((shell.path,), {**made, **own}, survives=True)
    own = {"DEVTOOL_SHELL_ENV": env.get("ENV", ""), "ENV": resource_path("shells/shrc")}
    return Opening((shell.path,), {**made, **own}, survives=True)


def evaluated(shell: str | None) -> str:
    """What a person types to take the environment over into this shell."""
    return "devtool env | source" if shell == "fish" else 'eval "$(devtool env)"'


def _start(system: System, dialect: str) -> str:
    # From `/`: what lies in the checkout must not be imported by a Python that starts there.
    words = ("/bin/sh", "-c", 'cd / && exec "$@"', "sh", *system.machine.own_words())
    argv = (*words, "-C", system.cwd, "env", "--shell", dialect)
    if dialect == "fish":
        escaped = (word.replace("\\", "\\\\").replace("'", "\\'") for word in argv)
        return " ".join(f"'{word}'" for word in escaped) + " 2>/dev/null | source"
    return f'eval "$({shlex.join(argv)} 2>/dev/null)"'


def _parent(system: System) -> str:
    """The name of the program that started us; empty where it cannot be told."""
    number = system.machine.parent_id()
    try:
        name = system.files.read_text(f"/proc/{number}/comm")
    except UnreadableError:
        name = None
    if name is None:
        answer = system.process.run(["ps", "-o", "comm=", "-p", str(number)], cwd="/")
        name = answer.stdout if answer.ok else ""
    return posixpath.basename(name.strip()).removeprefix("-")
