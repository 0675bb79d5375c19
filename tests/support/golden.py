"""Golden files: whole output compared, refreshed by `--refresh-golden` and reviewed as prose."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def same_as_golden(name: str, text: str, refresh: bool) -> bool:
    """Whether `text` is what the golden file holds; writes the file instead when refreshing."""
    path = GOLDEN / name
    if refresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8") == text + "\n"
