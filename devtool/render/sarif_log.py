"""SARIF 2.1.0, as code scanning reads it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from devtool import __version__


def sarif_log(rules: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> str:
    """The document of one run."""
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "devtool",
                        "version": __version__,
                        "rules": rules,
                    }
                },
                "results": results,
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def artifact(path: str) -> dict[str, str]:
    """A file by its path, which becomes a URI."""
    quoted = quote(path, errors="surrogateescape")
    return {"uri": f"file://{quoted}" if quoted.startswith("/") else quoted}


def verdict(kind: str, level: str) -> dict[str, str]:
    """`kind` and `level` together: a level other than `none` goes with kind `fail` only (3.27.10)."""
    return {"kind": kind, "level": level if kind == "fail" else "none"}
