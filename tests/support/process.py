"""A process door that is strict both ways: no unforeseen command, no unused answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from devtool.model.carrying import Attachment, Carried
from devtool.model.command import Answer, Outcome
from devtool.model.following import Followed
from devtool.system.doors import Conversation
from devtool.system.following.watcher import Watch
from devtool.system.process import Changes


def ended(
    stdout: str = "",
    stderr: str = "",
    status: int | None = 0,
    outcome: Outcome = "ended",
    seconds: float = 0.01,
) -> Answer:
    """An answer to hand to `FakeProcess`; its argv is filled in."""
    return Answer((), outcome, status if outcome == "ended" else None, stdout, stderr, seconds)


ABSENT = ended(outcome="absent")
HANGS = ended(outcome="timed-out", seconds=5.0)


@dataclass
class FakeProcess:
    """Answers by exact argument list (as one line); `programs` says where each name lies on PATH.

    Every answer must be used by the end of the test: call `assert_used`, or
    let the `process` fixture do it.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    programs: Mapping[str, str | list[str]] = field(default_factory=dict)
    alive: dict[int, float] = field(default_factory=dict)
    """Process id to time of birth."""
    followed: Mapping[str, tuple[bytes, Followed]] = field(default_factory=dict)
    """What `follow` sees and gives, by exact argument list."""
    carried: list[Carried] = field(default_factory=list)
    """What each `carry` comes to, in order."""
    attachments: list[Attachment] = field(default_factory=list)
    """What `carry` was asked for."""
    announced: list[str] = field(default_factory=list)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    spawned: list[tuple[str, ...]] = field(default_factory=list)
    ended_groups: list[int] = field(default_factory=list)
    became: tuple[str, dict[str, str]] | None = None
    """Folder and environment of the command that `become` left the process to."""
    surroundings: dict[str, str | None] = field(default_factory=dict)
    """What `within` changed for all that came after."""

    def within(self, changes: Changes) -> FakeProcess:
        self.surroundings.update(changes)
        return self

    def which(self, name: str) -> str | None:
        return next(iter(self.which_all(name)), None)

    def which_all(self, name: str) -> list[str]:
        if name.startswith("/"):
            return [name]
        paths = self.programs.get(name, [])
        return [paths] if isinstance(paths, str) else list(paths)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_seconds: float | None = 5.0,
        cwd: str | None = None,
        env: Changes | None = None,
        stdin: bytes = b"",
        on_line: Callable[[str], None] | None = None,
    ) -> Answer:
        line = " ".join(argv)
        assert line in self.answers, f"unforeseen command: {line}"
        self.calls.append(tuple(argv))
        answer = self.answers[line]
        if on_line is not None:
            for text in answer.output.splitlines():
                on_line(text)
        return Answer(
            tuple(argv), answer.outcome, answer.status, answer.stdout, answer.stderr, answer.seconds
        )

    def attach(self, argv: Sequence[str]) -> Answer:
        return self.run(argv)

    def become(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
        self.became = (cwd, dict(env))
        return self.run(argv)

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
        line = " ".join(argv)
        assert line in self.followed, f"unforeseen command: {line}"
        self.calls.append(tuple(argv))
        output, followed = self.followed[line]
        announced = watch()(output) if watch is not None else ()
        self.announced += announced
        return replace(followed, announced=len(announced), cut_short=fail_fast and bool(announced))

    def carry(self, attachment: Attachment) -> Carried:
        assert len(self.attachments) < len(self.carried), f"unforeseen stream: {attachment.start.target}"
        self.attachments.append(attachment)
        return self.carried[len(self.attachments) - 1]

    def converse(
        self, argv: Sequence[str], *, cwd: str | None = None, env: Changes | None = None
    ) -> Conversation:
        raise AssertionError(f"unforeseen conversation: {' '.join(argv)}")

    def spawn(self, argv: Sequence[str], *, log_path: str, cwd: str, env: Changes | None = None) -> int:
        self.spawned.append(tuple(argv))
        pid = 4000 + len(self.spawned)
        self.alive[pid] = 1000.0
        return pid

    def born(self, pid: int) -> float | None:
        return self.alive.get(pid)

    def end_group(self, pid: int, grace_seconds: float) -> bool:
        self.ended_groups.append(pid)
        self.alive.pop(pid, None)
        return True

    def end_all(self) -> None:
        return

    def assert_used(self) -> None:
        """Fail when an answer was prepared and never asked for."""
        asked = {" ".join(argv) for argv in self.calls}
        expected = set(self.answers) | set(self.followed)
        assert expected == asked, f"never asked: {sorted(expected - asked)}"
        assert len(self.attachments) == len(self.carried), "fewer streams than were prepared"
