"""The process door as checks see it: one time limit a check, each question asked of the machine once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from devtool.model.carrying import Attachment, Carried
from devtool.model.command import Answer
from devtool.system import System
from devtool.system.process import PROBE_SECONDS, Changes

if TYPE_CHECKING:
    from devtool.model.following import Followed
    from devtool.system.doors import Conversation, Process
    from devtool.system.following.watcher import Watch


@dataclass
class _Question:
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None


class SharedAnswers:
    """Answers of one examination: two checks that ask the same thing start one program."""

    def __init__(self) -> None:
        self._questions: dict[object, _Question] = {}
        self._guard = threading.Lock()

    def ask(self, key: object, run: Callable[[], Answer], patience_seconds: float) -> Answer | None:
        """The answer to `key`, by `run` for whoever asks first; None when the first is not back in time."""
        with self._guard:
            first = key not in self._questions
            question = self._questions.setdefault(key, _Question())
        if first:
            try:
                question.answer = run()
            finally:
                question.done.set()
        else:
            question.done.wait(patience_seconds)
        return question.answer


class BudgetedProcess:
    """A process door whose programs share one time limit."""

    def __init__(self, system: System, answers: SharedAnswers, budget_seconds: float) -> None:
        self._door: Process = system.process
        self._clock = system.clock
        self._answers = answers
        self._deadline = system.clock.monotonic() + budget_seconds

    def within(self, changes: Changes) -> Process:
        """Refused: what a check runs, others share."""
        raise AssertionError(f"a check tried to change {sorted(changes)}")

    def which(self, name: str) -> str | None:
        """As the door behind."""
        return self._door.which(name)

    def which_all(self, name: str) -> list[str]:
        """As the door behind."""
        return self._door.which_all(name)

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
        """As the door behind, within what is left of the time limit."""
        left = self._deadline - self._clock.monotonic()
        limit = left if timeout_seconds is None else min(timeout_seconds, left)
        late = Answer(tuple(argv), "timed-out", seconds=PROBE_SECONDS)
        if limit <= 0:
            return late

        def run() -> Answer:
            return self._door.run(argv, timeout_seconds=limit, cwd=cwd, env=env, stdin=stdin, on_line=on_line)

        key = (tuple(argv), cwd, tuple(sorted((env or {}).items(), key=str)), stdin)
        return self._answers.ask(key, run, limit) or late

    def converse(
        self, argv: Sequence[str], *, cwd: str | None = None, env: Changes | None = None
    ) -> Conversation:
        """As the door behind."""
        return self._door.converse(argv, cwd=cwd, env=env)

    def attach(self, argv: Sequence[str]) -> Answer:
        """Refused: a check asks the person nothing."""
        raise AssertionError(f"a check tried to run `{argv[0]}` on the terminal")

    def become(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
        """Refused: a check leaves nothing to anybody."""
        raise AssertionError(f"a check tried to become `{argv[0]}`")

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
        """Refused: a check runs nothing of the person's."""
        raise AssertionError(f"a check tried to follow `{argv[0]}`")

    def carry(self, attachment: Attachment) -> Carried:
        """Refused: a check runs nothing on our streams."""
        raise AssertionError(f"a check tried to carry `{attachment.start.target}`")

    def spawn(self, argv: Sequence[str], *, log_path: str, cwd: str, env: Changes | None = None) -> int:
        """Refused: a check starts nothing that outlives it."""
        raise AssertionError(f"a check tried to leave `{argv[0]}` running")

    def born(self, pid: int) -> float | None:
        """As the door behind."""
        return self._door.born(pid)

    def end_group(self, pid: int, grace_seconds: float) -> bool:
        """Refused: a check ends nothing it did not start."""
        raise AssertionError(f"a check tried to end process {pid}")

    def end_all(self) -> None:
        """As the door behind."""
        self._door.end_all()


def budgeted(system: System, answers: SharedAnswers, budget_seconds: float) -> System:
    """The same doors, with programs under one time limit and shared answers."""
    return replace(system, process=BudgetedProcess(system, answers, budget_seconds))
