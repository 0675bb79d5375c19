"""What a checkout says of its dev container: its profile, its `devcontainer.json`, its Compose files.

Everything is read and nothing of the checkout is run; neither Docker nor Compose need be there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.workflows.containers import composed, standalone
from devtool.workflows.containers.noting import Notes
from devtool.workflows.containers.sources import Options, find_source
from devtool.workflows.synchronising.placing import placed

if TYPE_CHECKING:
    from devtool.model.container import Blueprint
    from devtool.system import System

__all__ = ["Options", "blueprint"]


def blueprint(system: System, options: Options | None = None) -> Blueprint:
    """The dev container of the checkout around the current folder. Raises InputError where there is none."""
    noted = Notes(system)
    made = placed(noted.system, _read(noted.system, options or Options()))
    return replace(made, rests_on=tuple(noted.paths), asked=tuple(noted.variables))


def _read(system: System, options: Options) -> Blueprint:
    source = find_source(system, options)
    if source.compose_files:
        return composed.blueprint(system, source, options)
    if source.devcontainer:
        return standalone.blueprint(system, source, options)
    raise InputError(
        f"`{source.root}` describes no dev container",
        "`devtool container init` writes one from what the checkout needs",
    )
