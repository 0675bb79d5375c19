"""A system that notes what a reading rests on: as long as none of it changes, the reading is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.system.doors import Files

_LOOKING = frozenset(("read_bytes", "read_text", "kind", "names", "link_target"))


class Notes:
    """What was looked at, in order."""

    def __init__(self, system: System) -> None:
        self.paths: dict[str, None] = {}
        """Also of what was not there."""
        self.variables: dict[str, None] = {}
        """Of the environment, also those that are not set."""
        files = cast("Files", _Files(system.files, self.paths))
        self.system = replace(system, files=files, env=_Environment(system.env, self.variables))


class _Files:
    def __init__(self, files: Files, noted: dict[str, None]) -> None:
        self._files, self._noted = files, noted

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._files, name)
        if name not in _LOOKING:
            return method

        def looked(path: str, *more: Any) -> Any:
            self._noted[path] = None
            return method(path, *more)

        return looked


class _Environment(Mapping[str, str]):
    def __init__(self, env: Mapping[str, str], noted: dict[str, None]) -> None:
        self._env, self._noted = env, noted

    def __getitem__(self, name: str) -> str:
        self._noted[name] = None
        return self._env[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._env)

    def __len__(self) -> int:
        return len(self._env)
