"""Where installers fetch things from in this run: the mirrors that hold, and the doors that tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from devtool.adapters.mirrors import given, mirrors, require_effect, with_mirrors
from devtool.model.mirrors import Mirror
from devtool.requirements.reading import stated_mirrors
from devtool.system import System


def supplied(system: System, flags: Sequence[str] = ()) -> tuple[System, tuple[Mirror, ...]]:
    """The doors with the mirrors that hold, and these, by all that names any. Raises InputError."""
    named = given(flags)
    require_effect(system, named)
    chosen = mirrors(system, named, stated_mirrors(system, system.cwd))
    return with_mirrors(system, chosen), chosen
