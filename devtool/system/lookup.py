"""Finding programs on PATH.

Not `shutil.which`: it asks the kernel three times a folder and takes 2 ms to
import, and `doctor` looks for fifty names on every run.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator


def programs(name: str, path: str) -> Iterator[str]:
    """Every file of that name that can be run, in the order of PATH; a path is taken as it is."""
    folders = [""] if "/" in name else path.split(os.pathsep)
    for folder in folders:
        if not folder and "/" not in name:  # POSIX would take the current folder, which may be a checkout
            continue
        candidate = os.path.join(folder, name)
        try:
            facts = os.stat(candidate)
        except (OSError, ValueError):
            continue
        if stat.S_ISREG(facts.st_mode) and os.access(candidate, os.X_OK):
            yield candidate
