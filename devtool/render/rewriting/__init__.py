"""What sign-offs a branch gets, as text and as JSON."""

from __future__ import annotations

from importlib import import_module

from devtool.model.rewriting import Rewriting

FORMS = ("text", "json")


def render(rewriting: Rewriting, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The whole in one of `FORMS`. Colour and width matter to text only."""
    shown: str = import_module(f"devtool.render.rewriting.{form}").render(
        rewriting, colour=colour, width=width
    )
    return shown
