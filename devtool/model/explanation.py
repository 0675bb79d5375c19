"""What is written about one id, for `devtool explain`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """The page of one check."""

    id: str
    title: str
    meaning: str
    why: str
    cures: tuple[tuple[str, str], ...]
    """Pairs of "when" (empty where it always applies) and what to do by hand."""
    links: tuple[str, ...]
