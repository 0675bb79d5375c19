"""What is announced while a command runs, and what is said when it has failed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from devtool.model.diagnosis import Diagnosis
from devtool.model.following import Followed
from devtool.system import System
from devtool.workflows.running import Scene, run
from tests.support import fake_system
from tests.support.files import FakeFiles
from tests.support.machine import FakeMachine
from tests.support.process import FakeProcess

LOG = "/home/me/.local/state/devtool/logs/20260101T000000Z-make.log"
KILLED = """\
c++: fatal error: Killed signal terminated program cc1plus
compilation terminated.
make: *** [all] Error 1
"""
EVENTS = "/sys/fs/cgroup/memory.events"


@dataclass(frozen=True)
class Known:
    id: str
    summary: str
    line: int


class Twice:
    """Recognises the same failure in every piece."""

    def __init__(self, system: System) -> None:
        self._line = 0

    def feed(self, data: bytes) -> list[Known]:
        self._line += data.count(b"\n")
        return [Known("conan-not-found", "conan is not on PATH", self._line)] * 2


class Counting(FakeFiles):
    """A kernel whose counter has risen at the second look."""

    def __init__(self, content: dict[str, str | bytes], counts: list[int]) -> None:
        super().__init__({"/proc/self/cgroup": "0::/\n", **content})
        self._counts = counts

    def read_text(self, path: str, limit_bytes: int = 8 * 1024**2) -> str | None:
        return f"oom_kill {self._counts.pop(0)}\n" if path == EVENTS else super().read_text(path, limit_bytes)


def unexplained(log: str) -> Diagnosis:
    raise AssertionError(log)


def following(
    status: int, output: bytes = b"", argv: str = "make -j8", log: str | None = None
) -> FakeProcess:
    return FakeProcess(followed={argv: (output, Followed("ended", status, log_path=log))})


def test_a_failure_is_announced_once_with_its_line_and_id() -> None:
    process = following(0, b"one\ntwo\n")

    ran = run(fake_system(process=process), ["make", "-j8"], announce=True, fail_fast=False, watcher=Twice)

    assert process.announced == ["devtool: line 2: conan is not on PATH (conan-not-found)"]
    assert (ran.exit_status, ran.diagnosis) == (0, None)


def test_output_that_no_disk_takes_is_no_success() -> None:
    followed = Followed("ended", 0, log_path=LOG, reader_gone=True, unwritten="no space left on device")
    process = FakeProcess(followed={"make": (b"", followed)})

    ran = run(fake_system(process=process), ["make"], announce=False, fail_fast=False)

    assert (ran.exit_status, ran.diagnosis) == (1, None)


def test_what_ended_with_its_place_was_not_short_of_memory() -> None:
    scene = Scene(lambda: None, lambda: "make -j1", unexplained, gone=lambda: "the container was stopped")

    ran = run(
        fake_system(process=following(137)), ["make", "-j8"], announce=False, fail_fast=False, scene=scene
    )

    assert (ran.place, ran.memory, ran.short_of_memory) == ("the container was stopped", "", False)


def test_quiet_watches_nothing() -> None:
    process = following(0, b"one\n")

    run(fake_system(process=process), ["make", "-j8"], announce=False, fail_fast=False, watcher=Twice)

    assert process.announced == []


def test_ended_by_fail_fast_the_status_is_1_whatever_the_command_made_of_it() -> None:
    process = following(143, b"one\n")

    ran = run(fake_system(process=process), ["make", "-j8"], announce=True, fail_fast=True, watcher=Twice)

    assert ran.exit_status == 1


def test_the_command_gets_the_persons_environment_and_folder() -> None:
    process = following(7)

    ran = run(fake_system(process=process), ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.exit_status == 7
    process.assert_used()


def test_a_reader_that_left_is_no_failure_to_explain() -> None:
    followed = Followed("ended", 141, log_path=LOG, reader_gone=True)
    process = FakeProcess(followed={"yes": (b"", followed)})

    ran = run(fake_system(process=process), ["yes"], announce=False, fail_fast=False)

    assert (ran.exit_status, ran.diagnosis, ran.memory) == (141, None, "")


@pytest.mark.parametrize(
    ("status", "counts", "said"),
    [
        (
            2,
            [0, 1],
            "the kernel killed 1 process for want of memory while it ran; "
            "`devtool run -- make -j7` starts fewer jobs",
        ),
        (137, [3, 3], ""),
    ],
)
def test_the_kernels_counter_says_whether_memory_ran_out(status: int, counts: list[int], said: str) -> None:
    system = fake_system(process=following(status), files=Counting({}, counts))

    ran = run(system, ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.memory == said


def test_without_a_counter_a_kill_is_a_suspicion() -> None:
    system = fake_system(process=following(137), machine=FakeMachine(cpu_count=4))

    ran = run(system, ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.memory == (
        "it was killed, as the kernel does when memory runs out; `devtool run -- make -j4` starts fewer jobs"
    )


def test_a_log_that_cannot_be_read_costs_the_explanation_and_not_the_status() -> None:
    system = fake_system(process=following(5, log="/no/such.log"))

    ran = run(system, ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.exit_status == 5
    assert ran.trouble.startswith("cannot say why it failed: ")


def test_what_the_kernel_counted_confirms_the_failure_and_comes_with_the_line_to_type() -> None:
    files = Counting({LOG: KILLED}, [0, 2])
    system = fake_system(process=following(2, log=LOG), files=files, machine=FakeMachine(cpu_count=4))

    ran = run(system, ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.diagnosis is not None
    (finding,) = ran.diagnosis.findings
    assert (finding.id, finding.state, finding.primary) == ("oom-compiler-killed", "confirmed", True)
    assert "the kernel killed 2 processes for want of memory while it ran" in finding.evidence
    assert finding.cures[0].commands == ("devtool run -- make -j4",)
    assert ran.memory == ""


def test_a_compiler_that_the_log_says_was_killed_gets_fewer_jobs_where_the_kernel_counted_nothing() -> None:
    files = Counting({LOG: KILLED}, [2, 2])
    system = fake_system(process=following(2, log=LOG), files=files, machine=FakeMachine(cpu_count=4))

    ran = run(system, ["make", "-j8"], announce=False, fail_fast=False)

    assert ran.diagnosis is not None
    (finding,) = ran.diagnosis.findings
    assert (finding.id, finding.state) == ("oom-compiler-killed", "suspected")
    assert finding.cures[0].commands == ("devtool run -- make -j4",)
    assert not any("kernel killed" in each for each in finding.evidence)
