"""Programs, as a door: for checking types only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from devtool.model.carrying import Attachment, Carried
from devtool.model.command import Answer
from devtool.model.following import Followed
from devtool.system.conversation import Conversation
from devtool.system.following.watcher import Watch
from devtool.system.process import PROBE_SECONDS, Changes


class Process(Protocol):
    """What the rest of devtool may do with programs."""

    def within(self, changes: Changes) -> Process:
        """The same door, its programs in an environment with these changes."""

    def which(self, name: str) -> str | None:
        """Absolute path of the program that `name` means on PATH, or None."""

    def which_all(self, name: str) -> list[str]:
        """Every program of that name on PATH, in order, each file once."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_seconds: float | None = PROBE_SECONDS,
        cwd: str | None = None,
        env: Changes | None = None,
        stdin: bytes = b"",
        on_line: Callable[[str], None] | None = None,
    ) -> Answer:
        """Run to the end and give the answer; `on_line` sees each line of both streams as it comes."""

    def attach(self, argv: Sequence[str]) -> Answer:
        """Run on the person's terminal, which answers its questions; its output goes to stderr."""

    def become(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
        """Leave this process to the person's command, in exactly this environment.

        Comes back only where it cannot be started: `absent` or `refused`.
        """

    def follow(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        log_folder: str | None,
        watch: Watch | None = None,
        fail_fast: bool = False,
        called: str = "",
    ) -> Followed:
        """Run the person's own command in exactly this environment, on their terminal, to its end.

        Its output goes where ours goes, at once and untouched, and into a new log named as it is `called`.
        `watch` is called in another process; what it makes sees the output and gives lines to announce,
        and with `fail_fast` the first one ends the command.
        Raises DevtoolError when the machine has no terminal or process left.
        """

    def carry(self, attachment: Attachment) -> Carried:
        """Let a program behind an engine's stream work on our own streams; it ends when we do."""

    def converse(
        self, argv: Sequence[str], *, cwd: str | None = None, env: Changes | None = None
    ) -> Conversation:
        """Start a program that answers requests on its standard input until it is closed."""

    def spawn(self, argv: Sequence[str], *, log_path: str, cwd: str, env: Changes | None = None) -> int:
        """Start a server that outlives us, both streams into the log file; its process id.

        Raises DevtoolError when it cannot be started.
        """

    def born(self, pid: int) -> float | None:
        """When the process was started, in seconds after the machine; None when it is gone or a zombie."""

    def end_group(self, pid: int, grace_seconds: float) -> bool:
        """Terminate the process group led by `pid`, kill what is left; whether it is gone."""

    def end_all(self) -> None:
        """End every group that `run` and `converse` started and that still lives."""
