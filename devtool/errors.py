"""What stops a command, and the exit status that says so.

Raise for "I cannot go on"; a machine that is not ready is a finding, not an
exception. Only the boundary in `devtool.cli` turns these into a message.
"""

from __future__ import annotations

EXIT_READY = 0
EXIT_NOT_READY = 1
EXIT_BAD_INPUT = 2
EXIT_OUR_FAULT = 3
EXIT_INTERRUPTED = 130


class DevtoolError(Exception):
    """The command cannot go on; `hint` says what the person can do about it."""

    exit_status = EXIT_NOT_READY

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(DevtoolError):
    """Something that was typed, or a file that was read, is wrong."""

    exit_status = EXIT_BAD_INPUT


class UnreadableError(InputError):
    """A file is there but cannot be taken as what it should be."""


class Interrupted(KeyboardInterrupt):
    """A signal other than Ctrl-C asked the process to end."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number
