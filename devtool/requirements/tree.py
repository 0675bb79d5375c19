"""The files of a checkout: as they lie in the working tree, or as a commit holds them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Protocol

from devtool.errors import UnreadableError

if TYPE_CHECKING:
    from devtool.system import System


class Tree(Protocol):
    """Files by path relative to the checkout's root. Reading never fails; it leaves a problem behind."""

    @property
    def problems(self) -> dict[str, str]:
        """Why a path that is there could not be read, by path."""

    def read(self, path: str) -> str | None:
        """The file's text, or None where nothing readable is."""

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder; empty where there is none."""


class WorkingTree:
    """The files as they lie there now."""

    def __init__(self, system: System, root: str) -> None:
        self.problems: dict[str, str] = {}
        self.consulted: dict[str, None] = {}
        """Absolute paths that decided what was read, whether or not anything was there."""
        self._system = system
        self._root = root
        self._real_root = system.files.real(root).rstrip("/")
        self._texts: dict[str, str | None] = {}

    def read(self, path: str) -> str | None:
        """The file's text, or None where nothing readable is."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def names(self, folder: str) -> list[str]:
        """Sorted names in a folder; empty where there is none."""
        path = posixpath.join(self._root, folder)
        self.consulted[path] = None
        return self._system.files.names(path) if self._inside(path) else []

    def _read(self, path: str) -> str | None:
        absolute = posixpath.join(self._root, path)
        self.consulted[absolute] = None
        if not self._inside(absolute):
            self.problems[path] = "leads out of the checkout"
            return None
        try:
            text = self._system.files.read_text(absolute)
        except UnreadableError as error:
            self.problems[path] = error.message
            return None
        if text is None and self._system.files.link_target(absolute) is not None:
            self.problems[path] = "is a link that leads nowhere"
        return text

    def _inside(self, path: str) -> bool:
        # A link must not make us read what the person keeps elsewhere.
        return self._system.files.real(path).startswith(self._real_root + "/")
