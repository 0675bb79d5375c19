"""Reading what a shell script would export, without running it.

Only what a script for setting variables is made of is understood: assignments,
`export`, `if`, `case`, `for`, tests, and commands whose answer the caller
knows. What goes beyond leaves the variables it decides unread, never guessed.
"""

from __future__ import annotations

from devtool.adapters.script.expanding import UnfollowedError, expand
from devtool.adapters.script.lexing import ScriptError
from devtool.adapters.script.replaying import Exported, Replay, Unread, replay

__all__ = ["Exported", "Replay", "ScriptError", "UnfollowedError", "Unread", "expand", "replay"]
