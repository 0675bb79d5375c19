"""Command lines for either generation of Compose: only words that both know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devtool.adapters.compose.generation import Compose


@dataclass(frozen=True)
class Project:
    """What Compose is to work on."""

    compose: Compose
    name: str
    files: tuple[str, ...]
    """Absolute, ours last."""

    def up(self, services: Sequence[str], *, renew: bool = False, build: bool = False) -> list[str]:
        """Make and start these services and nothing that they depend on.

        What stands stays as it is, whatever has changed, unless it is to be renewed.
        """
        # A service without `image` can only be built; any other must never be, as an hour may pass.
        flags = ["--force-recreate" if renew else "--no-recreate", *([] if build else ["--no-build"])]
        return [*self._words(), "up", "-d", "--no-deps", *flags, *services]

    def build(self, service: str) -> list[str]:
        """Make the service's image."""
        return [*self._words(), "build", service]

    def _words(self) -> list[str]:
        files = [word for file in self.files for word in ("-f", file)]
        return [*self.compose.argv, "--project-name", self.name, *files]
