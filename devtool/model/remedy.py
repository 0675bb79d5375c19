"""Cures as values: what to change, why, how it is shown, and whether it can be taken back.

Nothing here changes anything; `devtool.remedies` applies and undoes.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class RunCommand:
    """Run a program, as it stands, in the person's own environment."""

    argv: tuple[str, ...]
    reason: str
    needs_root: bool = False
    undo_argv: tuple[str, ...] | None = None
    """The command that takes it back; None when it cannot be taken back."""

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        line = shlex.join(self.argv)
        return f"sudo {line}" if self.needs_root else line


@dataclass(frozen=True)
class RemoveJsonKey:
    """Take one key out of a JSON file, leaving every other byte as it was."""

    path: str
    key: str
    """A top-level key."""
    reason: str
    needs_root: bool = False

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        path = shlex.quote(self.path)
        program = (
            "import json,sys;p,k=sys.argv[1:];d=json.load(open(p));d.pop(k,None);"
            "json.dump(d,open(p,'w'),indent=2)"
        )
        return f"python3 -c {shlex.quote(program)} {path} {shlex.quote(self.key)}"


@dataclass(frozen=True)
class SetGitKey:
    """Set one key of the person's global git configuration."""

    key: str
    value: str
    reason: str
    needs_root: bool = False

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return shlex.join(["git", "config", "--global", self.key, self.value])


@dataclass(frozen=True)
class AppendLine:
    """Add one line to the end of a text file (a shell profile), once."""

    path: str
    line: str
    reason: str
    needs_root: bool = False

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return f"printf '%s\\n' {shlex.quote(self.line)} >> {shlex.quote(self.path)}"


@dataclass(frozen=True)
class MakeToolEnvironment:
    """Install one Python tool in an environment of its own and expose it by a shim."""

    tool: str
    """The distribution and the command, such as `conan`."""
    version: str
    """The exact version."""
    python_specifier: str
    """What its interpreter must satisfy, PEP 440; empty when any will do."""
    environment: str
    """Absolute path of the environment to make."""
    shim: str
    """Absolute path of the shim to make."""
    reason: str
    needs_root: bool = False

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        python = shlex.quote(f"{self.environment}/bin/python")
        return "\n".join(
            [
                f"python3 -m venv {shlex.quote(self.environment)}"
                + (f"   # with a Python {self.python_specifier}" if self.python_specifier else ""),
                f"{python} -m pip install {self.tool}=={self.version}",
                shlex.join(["ln", "-s", f"{self.environment}/bin/{self.tool}", self.shim]),
            ]
        )


Action = RunCommand | RemoveJsonKey | SetGitKey | AppendLine | MakeToolEnvironment


@dataclass(frozen=True)
class Remedy:
    """One way to cure a finding: words for a person, and actions where we can act."""

    summary: str
    """One line: what to do. Commands in it run as pasted."""
    actions: tuple[Action, ...] = ()
    """Empty when only a person can do it."""


@dataclass(frozen=True)
class Plan:
    """Actions in order, without repeats."""

    actions: tuple[Action, ...]

    @staticmethod
    def of(remedies: tuple[Remedy, ...]) -> Plan:
        """The plan that carries out `remedies` in their order, each action once."""
        actions = (action for remedy in remedies for action in remedy.actions)
        return Plan(tuple(dict.fromkeys(actions)))
