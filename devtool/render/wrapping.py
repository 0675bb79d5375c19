"""Breaking prose into lines, as the model does it where a workflow has to ask."""

from __future__ import annotations

from devtool.model.wrapping import wrapped

__all__ = ["wrapped"]
