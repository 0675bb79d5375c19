"""One Diagnosis, the forms of a report."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from devtool.model.diagnosis import Diagnosis


def render(diagnosis: Diagnosis, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The diagnosis in one of `devtool.render.FORMATS`. Colour and width matter to text only."""
    module = import_module(f"devtool.render.diagnosis.{form}")
    renderer: Callable[..., str] = module.render
    return renderer(diagnosis, colour=colour, width=width)
