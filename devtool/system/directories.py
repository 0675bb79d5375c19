"""Where devtool keeps its own files, by the XDG base directory specification.

The same layout on macOS, as mise and uv have it: people look for a command
line tool's files in `~/.cache` and `~/.local`.
https://specifications.freedesktop.org/basedir-spec/latest/
"""

from __future__ import annotations

from collections.abc import Mapping

from devtool.errors import InputError


class Directories:
    """The folders of one person; nothing is created by asking for them."""

    def __init__(self, env: Mapping[str, str], home: str | None) -> None:
        self._env = env
        self._home = home

    @property
    def cache(self) -> str | None:
        """What can be thrown away at any time; None without a home."""
        return self._optional("XDG_CACHE_HOME", ".cache")

    @property
    def data(self) -> str:
        """Private toolchains and environments. Raises InputError without a home."""
        return self._required("XDG_DATA_HOME", ".local/share")

    @property
    def state(self) -> str:
        """Journal, deployments, logs. Raises InputError without a home."""
        return self._required("XDG_STATE_HOME", ".local/state")

    @property
    def config(self) -> str | None:
        """The person's own settings of devtool; None without a home."""
        return self._optional("XDG_CONFIG_HOME", ".config")

    @property
    def shims(self) -> str:
        """The one folder of commands that devtool puts on PATH. Raises InputError without a home."""
        return f"{self.data}/bin"

    def _optional(self, variable: str, below_home: str) -> str | None:
        base = self._env.get(variable, "")
        if base.startswith("/"):  # the specification: a relative path is to be ignored
            return f"{base}/devtool"
        return f"{self._home}/{below_home}/devtool" if self._home else None

    def _required(self, variable: str, below_home: str) -> str:
        path = self._optional(variable, below_home)
        if path is None:
            raise InputError("this user has no home folder", f"set HOME, or {variable} to an absolute path")
        return path
