"""JSON as devtool prints it: one indented object under a schema number, text as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SCHEMA = 1


def document(data: Mapping[str, Any]) -> str:
    """The object as text, the schema number first."""
    return json.dumps({"schema": SCHEMA, **data}, indent=2, ensure_ascii=False)
