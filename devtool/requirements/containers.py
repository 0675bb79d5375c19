"""What a profile says of a project's dev container: its `[container]` table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from devtool.requirements.table import Table

_VARIABLE = re.compile(r"[A-Za-z_]\w*")
Paths = Callable[[Table, str], "tuple[str, ...]"]


@dataclass(frozen=True)
class KnownContainer:
    """Where a project describes its dev container; what is empty is found by itself."""

    compose: tuple[str, ...] = ()
    """Compose files, in Compose's order."""
    services: tuple[str, ...] = ()
    """The service that people build in: the first that is there."""
    gpu_services: tuple[str, ...] = ()
    devcontainer: str | None = None
    """A `devcontainer.json`, where it lies in none of the usual places."""
    architecture: tuple[str, ...] = ()
    """Variables that choose the architecture, strongest first; the last is the one that files use."""
    os: str | None = None
    """The variable that chooses among the operating systems of the image."""
    cache: str | None = None
    """The address of a compile cache that everybody's machine can share."""

    @property
    def stated(self) -> bool:
        """Whether it says where to look."""
        return bool(self.compose or self.devcontainer)


def container(table: Table, paths: Paths) -> KnownContainer:
    """The table as a value. Raises InputError."""
    compose, named = paths(table, "compose"), paths(table, "devcontainer")
    if len(named) > 1 or (named and compose):
        raise table.wrong("devcontainer", "must be one path, and no `compose` beside it")
    architecture, os = table.texts("architecture"), table.text("os")
    for key, names in (("architecture", architecture), ("os", (os,) if os else ())):
        if not all(map(_VARIABLE.fullmatch, names)):
            raise table.wrong(key, "must name variables of the environment")
    if cache := table.text("cache"):
        from devtool.adapters.remote_cache import is_address  # few state one

        if not is_address(cache):
            raise table.wrong("cache", "must be an address such as `redis://HOST`")
    made = KnownContainer(
        compose=compose,
        services=table.texts("service"),
        gpu_services=table.texts("gpu_service"),
        devcontainer=named[0] if named else None,
        architecture=architecture,
        os=os,
        cache=cache,
    )
    table.finish()
    return made
