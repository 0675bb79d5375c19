"""One report of a pull request, the forms of a report."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from devtool.model.pull_request import PullRequestReport


def render(report: PullRequestReport, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The report in one of `devtool.render.FORMATS`. Colour and width matter to text only."""
    module = import_module(f"devtool.render.pull_request.{form}")
    renderer: Callable[..., str] = module.render
    return renderer(report, colour=colour, width=width)
