"""A package manager that another one keeps from its work: waited for, named, and not for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from devtool.adapters.package_lock import NOBODY_KNOWN, holder, holder_in
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.model.packages import InstallPackages
from devtool.remedies.bench import Workbench
from devtool.remedies.packages import WAIT_SECONDS, install_packages
from devtool.system import System
from tests.support import FakeClock, FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system

LOCK = "/var/lib/dpkg/lock-frontend"
MAKE = InstallPackages("apt-get", ("make",), ("make",), needs_root=True)
BUSY = ended(
    stderr=(
        f"E: Could not get lock {LOCK}. It is held by process 831 (unattended-upgr)\n"
        f"E: Unable to acquire the dpkg frontend lock ({LOCK}), is another process using it?\n"
    ),
    status=100,
)
WAITS = "unattended-upgr (process 831) is at work with packages: waiting up to 5 minutes for it"


class Turns(FakeProcess):
    """Gives each answer of a list once, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__({"apt-get install -y make": answers[0]}, {"sudo": "/usr/bin/sudo"})
        self.turns = list(answers)

    def run(self, argv: Sequence[str], **options: Any) -> Answer:
        answer = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        self.answers = {" ".join(argv): answer}
        return super().run(argv, **options)


def install(system: System) -> None:
    install_packages(Workbench(system, lambda _: "", "/scratch"), MAKE).carry_out()


def machine(process: FakeProcess, *, root: bool = True, files: FakeFiles | None = None) -> System:
    return fake_system(process=process, files=files, machine=FakeMachine(root=root), console=FakeConsole())


def notes(system: System) -> list[str]:
    assert isinstance(system.console, FakeConsole)
    return system.console.notes


def test_it_says_whom_it_waits_for_and_installs_when_that_has_ended() -> None:
    process = Turns(BUSY, BUSY, ended("Setting up make (4.3) ...\n"))
    system = machine(process)

    install(system)

    assert notes(system) == [WAITS, "Setting up make (4.3) ..."]
    assert len(process.calls) == 3


def test_it_gives_up_after_some_minutes_and_names_who_was_in_the_way() -> None:
    system = machine(Turns(BUSY))
    started = system.clock.monotonic()

    with pytest.raises(DevtoolError) as stopped:
        install(system)

    assert stopped.value.message == "`apt-get install -y make` exited with status 100"
    assert stopped.value.hint == (
        "unattended-upgr (process 831) is still at work with packages: try again when it has ended"
    )
    assert system.clock.monotonic() - started == pytest.approx(WAIT_SECONDS, abs=5)
    assert notes(system)[0] == WAITS
    assert notes(system)[1:] == BUSY.stderr.splitlines()


def test_another_failure_is_not_waited_for() -> None:
    system = machine(Turns(ended(stderr="E: Unable to locate package make\n", status=100)))

    with pytest.raises(DevtoolError) as stopped:
        install(system)

    assert stopped.value.hint == "the lists of packages do not name it: they may be old"
    assert system.clock.monotonic() == FakeClock().monotonic()


class Held(FakeFiles):
    """The kernel's list of locks names apt's until it has been read twice."""

    def read_text(self, path: str, *limit: int) -> str | None:
        text = super().read_text(path, *limit)
        if path == "/proc/locks":
            self.looks = getattr(self, "looks", 0) + 1
            return text if self.looks < 3 else ""
        return text


def held(kind: type[FakeFiles] = FakeFiles) -> FakeFiles:
    files = kind({LOCK: "", "/proc/831/comm": "unattended-upgr\n"})
    stamp = files.stamp(LOCK)
    assert stamp is not None
    files.content["/proc/locks"] = (
        f"1: POSIX  ADVISORY  READ 12 00:19:{stamp.inode} 0 EOF\n"
        f"2: POSIX  ADVISORY  WRITE 831 08:01:{stamp.inode} 0 EOF\n"
    ).encode()
    return files


def test_through_sudo_it_waits_before_it_asks_for_a_password() -> None:
    process = FakeProcess({"sudo apt-get install -y make": ended()}, {"sudo": "/usr/bin/sudo"})
    system = machine(process, root=False, files=held(Held))

    install(system)

    assert notes(system) == [WAITS]
    assert len(process.calls) == 1


def test_the_kernel_says_who_holds_the_lock() -> None:
    assert holder(fake_system(files=held())) == "unattended-upgr (process 831)"
    assert holder(fake_system(files=FakeFiles({LOCK: ""}))) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (BUSY.stderr, "unattended-upgr (process 831)"),
        ("System management is locked by the application with pid 831 (zypper).", "zypper (process 831)"),
        ("error: failed to init transaction (unable to lock database)", NOBODY_KNOWN),
        ("ERROR: Unable to lock database: temporary error (try again later)", NOBODY_KNOWN),
        ("E: Could not get lock /var/lib/dpkg/lock. It is held by process 0", NOBODY_KNOWN),
        ("E: Could not open lock file /var/lib/dpkg/lock - open (13: Permission denied)", None),
        ("E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock), are you root?", None),
    ],
)
def test_the_managers_own_words_say_who_is_in_the_way(said: str, expected: str | None) -> None:
    assert holder_in(said) == expected
