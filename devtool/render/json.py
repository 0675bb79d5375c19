"""JSON, schema 1: `report_data` as it is."""

from __future__ import annotations

import json
from typing import Any

from devtool.model.report import Report
from devtool.render.data import report_data


def render(report: Report, **_: Any) -> str:
    """The report as an indented JSON document."""
    return json.dumps(report_data(report), indent=2, ensure_ascii=False)
