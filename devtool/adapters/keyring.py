"""Passwords that the person keeps in the system's keyring, where the library `keyring` is there to ask."""

from __future__ import annotations

from devtool.system import System

_SECONDS = 30.0
"""A person may have to unlock it first."""


def password(system: System, service: str, user: str) -> str | None:
    """What the keyring holds for that user of the service; None where there is nothing or no keyring."""
    from importlib.util import find_spec

    program = system.process.which("keyring")
    argv = [program] if program else None
    if argv is None and find_spec("keyring"):
        argv = [system.machine.own_words()[0], "-m", "keyring"]
    if argv is None:
        return None
    # In a process of its own: its back ends wait on the desktop without a limit.
    answer = system.process.run([*argv, "get", service, user], timeout_seconds=_SECONDS, cwd="/")
    return answer.stdout.rstrip("\n") or None if answer.ok else None
