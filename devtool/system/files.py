"""Files, as a door: reading that cannot hang or blow up, writing that is all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DEFAULT_LIMIT_BYTES = 8 * 1024**2
"""Larger than any configuration file a person or a project keeps."""

Kind = Literal["file", "folder", "other"]


@dataclass(frozen=True)
class Stamp:
    """What identifies one state of a file."""

    path: str
    size: int
    modified_ns: int
    inode: int
