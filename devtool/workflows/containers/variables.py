"""Who decides the variables of Compose files: a flag, then the environment, then `.env`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from devtool.adapters.compose.variables import Variable, read_variables
from devtool.model.container import Setting

if TYPE_CHECKING:
    from devtool.system import System

ENVIRONMENT = "the environment"


class Variables:
    """All variables of one reading; remembers which were asked for."""

    def __init__(self, system: System, flags: Mapping[str, str], flag: str = "--set") -> None:
        self._system = system
        self._decided = {name: (value, flag) for name, value in flags.items()}
        self._stated: dict[str, tuple[Variable, str]] = {}
        self.asked: dict[str, str | None] = {}

    def read(self, path: str, shown: str) -> None:
        """Take in a file of variables, where there is one. Raises InputError."""
        text = self._system.files.read_text(path)
        if text is None:
            return
        for name, variable in read_variables(text, shown, self._outer).items():
            if variable.value is not None:
                self._stated.setdefault(name, (variable, shown))

    def decide(self, name: str, value: str, said_by: str) -> None:
        """Let this hold against everything but a flag."""
        self._decided.setdefault(name, (value, said_by))

    def lookup(self, name: str) -> str | None:
        """The value that holds, None where nobody sets it."""
        value = self._outer(name)
        if value is None and name in self._stated:
            value = self._stated[name][0].value
        self.asked[name] = value
        return value

    def outer(self, name: str) -> Setting | None:
        """What flags and the environment say, whatever files say."""
        value = self._outer(name)
        return None if value is None else Setting(name, value, self._said_by(name))

    def stated(self, name: str) -> Setting | None:
        """What the files of variables say, whatever holds."""
        if name not in self._stated:
            return None
        variable, shown = self._stated[name]
        return Setting(name, variable.value or "", f"{shown}:{variable.line}")

    def settings(self) -> tuple[Setting, ...]:
        """All that were asked for and are set, and who decided each."""
        return tuple(
            Setting(name, value, self._said_by(name))
            for name, value in self.asked.items()
            if value is not None
        )

    def unset(self) -> tuple[str, ...]:
        """Those that were asked for and nobody sets."""
        return tuple(name for name, value in self.asked.items() if value is None)

    def decided(self) -> dict[str, str]:
        """What Compose could not know by itself."""
        return {name: value for name, (value, _) in self._decided.items()}

    def _outer(self, name: str) -> str | None:
        return self._decided[name][0] if name in self._decided else self._system.env.get(name)

    def _said_by(self, name: str) -> str:
        if name in self._decided:
            return self._decided[name][1]
        if name in self._system.env:
            return ENVIRONMENT
        variable, shown = self._stated[name]
        return f"{shown}:{variable.line}"


def variables_files(system: System, compose_file: str) -> tuple[str, ...]:
    """The files of variables that Compose reads, the strongest first; absolute.

    The first generation does not know `COMPOSE_ENV_FILES`.
    """
    named = system.env.get("COMPOSE_ENV_FILES")
    if not named:
        return (posixpath.join(posixpath.dirname(compose_file), ".env"),)
    paths = [posixpath.normpath(posixpath.join(system.cwd, each)) for each in named.split(",") if each]
    return tuple(reversed(paths))
