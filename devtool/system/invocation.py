"""How the person started devtool, so that a suggested command runs as pasted."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping

from devtool.system.lookup import programs

VARIABLE = "DEVTOOL_TYPED"
"""Set by `scripts/devtool` to the word it was started by."""
_QUOTED = re.compile(r"(`|`eval \"\$\()devtool ")


def as_typed(text: str, env: Mapping[str, str] = os.environ) -> str:
    """`text` with the `devtool` of quoted commands as the person types it, where it is not on PATH."""
    if not _QUOTED.search(text):
        return text
    typed = program(env)
    return _QUOTED.sub(lambda match: f"{match[1]}{typed} ", text)


def program(env: Mapping[str, str]) -> str:
    """The word that starts devtool for this person."""
    typed = env.get(VARIABLE, "")
    # A path that JSON would have to escape is left out: the result may be JSON.
    if not typed.isprintable() or set(typed) & set('"\\`') or not typed:
        return "devtool"
    on_path = next(programs("devtool", env.get("PATH", "")), None)
    return "devtool" if on_path else shlex.quote(typed)
