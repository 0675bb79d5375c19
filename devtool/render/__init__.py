"""One Report, many forms. Renderers see the model only."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtool.model.report import Report

FORMATS = ("text", "json", "junit", "sarif", "github")
"""Names of `devtool.render.NAME` modules; each has `render(report, colour, width)`."""


def render(report: Report, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The report in one of FORMATS. Colour and width matter to text only."""
    module = import_module(f"devtool.render.{form}")
    renderer: Callable[..., str] = module.render
    return renderer(report, colour=colour, width=width)
