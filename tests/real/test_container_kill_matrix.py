"""However a person leaves, what ran inside ends, the status is true, and the next run works."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.engine import Compose, forget

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

ENDINGS = ("INT", "TERM", "KILL", "closed")
VERBS = ("exec", "build", "up")
WITHIN_SECONDS = 1.5  # a second, and a half for a machine that is busy
COMPOSE_FILE = """\
services:
  dev:
    image: {image}
    command: sleep 86400
    working_dir: /work
    volumes: ["./:/work"]
  other:
    image: {image}
"""
# One that is waited for, one in the background, one in its own session.
WORK = "sleep {seconds} & setsid sleep {seconds} & sleep {seconds}\n"
MEMBERS = 3


@dataclass
class Row:
    """What came of one way to leave one command."""

    compose: str
    verb: str
    ending: str
    gone_seconds: float | None
    status: int
    next_status: int

    def __str__(self) -> str:
        gone = "never" if self.gone_seconds is None else f"{self.gone_seconds:.2f} s"
        return (
            f"{self.compose:3} {self.verb:6} {self.ending:7} gone after {gone:7}"
            f" status {self.status:4} next {self.next_status}"
        )

    @property
    def good(self) -> bool:
        expected = -signal.SIGKILL if self.ending == "KILL" else 128 + _number(self.ending)
        # On a terminal that has gone a message may fail before the signal is heard.
        told = self.status == expected or (self.ending == "closed" and self.status == 1)
        # A fast machine has it up before it hears of its end; then that is the truth.
        told = told or (self.verb == "up" and self.status == 0)
        in_time = self.gone_seconds is not None and self.gone_seconds < WITHIN_SECONDS
        return in_time and told and self.next_status == 0


@pytest.mark.parametrize("generation", ["compose_v1", "compose_v5"])
def test_every_way_to_leave_every_command_ends_it_inside_and_the_next_run_works(
    generation: str,
    busybox: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    compose: Compose = request.getfixturevalue(generation)
    rows = []
    for number, verb in enumerate(VERBS):
        for other, ending in enumerate(ENDINGS):
            seconds = f"{80000 + os.getpid() % 1000 * 20 + number * 4 + other}"
            with project(tmp_path, busybox, seconds) as checkout:
                rows.append(
                    leave(checkout, surroundings(tmp_path, compose.env), verb, ending, seconds, compose.name)
                )

    with capsys.disabled():
        print("\n" + "\n".join(map(str, rows)))
    assert [str(row) for row in rows if not row.good] == []


@contextmanager
def project(tmp_path: Path, image: str, seconds: str) -> Iterator[Path]:
    folder = tmp_path / f"leave-{seconds}"
    (folder / ".git").mkdir(parents=True)
    (folder / "docker-compose.yml").write_text(COMPOSE_FILE.format(image=image))
    (folder / "work.sh").write_text(WORK.format(seconds=seconds))
    (folder / "devtool.toml").write_text(
        '[commands]\nbuild = ["sh work.sh"]\n\n[container]\nservice = "dev"\n'
    )
    try:
        yield folder
    finally:
        forget(folder)


def leave(checkout: Path, env: Mapping[str, str], verb: str, ending: str, seconds: str, compose: str) -> Row:
    """Start the command, leave it in this way, and look what is left."""
    if verb == "exec":
        devtool(checkout, env, "container", "up")
    words = {
        "exec": ("container", "exec", "--", "sh", "work.sh"),
        "build": ("build", "--in", "builder", "--no-gate"),
        "up": ("container", "up"),
    }[verb]
    pid, master = start(checkout, env, words, terminal=ending == "closed")
    if verb == "up":
        time.sleep(0.4)  # in the middle of it
    else:
        assert wait_until(lambda: len(sleeping(seconds)) == MEMBERS, 60) is not None, f"{verb} does not begin"
    if ending == "closed":
        os.close(master)
    else:
        with suppress(ProcessLookupError):
            os.kill(pid, _number(ending))
    gone = wait_until(lambda: not sleeping(seconds), 10)
    _, status = os.waitpid(pid, 0)
    follow_up = ("container", "exec", "--", "true") if verb == "exec" else ("container", "up")
    then = devtool(checkout, env, *follow_up, check=False)
    return Row(compose, verb, ending, gone, os.waitstatus_to_exitcode(status), then)


def start(checkout: Path, env: Mapping[str, str], words: tuple[str, ...], terminal: bool) -> tuple[int, int]:
    """Process id, and our end of its terminal."""
    argv = [sys.executable, "-m", "devtool", *words]
    if not terminal:
        process = subprocess.Popen(
            argv,
            cwd=checkout,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        process.returncode = 0  # waited for by its number
        return process.pid, -1
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(checkout)
        os.execve(argv[0], argv, dict(env))
    return pid, master


def devtool(checkout: Path, env: Mapping[str, str], *words: str, check: bool = True) -> int:
    argv = [sys.executable, "-m", "devtool", *words]
    done = subprocess.run(
        argv, cwd=checkout, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 0 or not check, done.stderr
    return done.returncode


def surroundings(tmp_path: Path, env: Mapping[str, str]) -> dict[str, str]:
    folders = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("STATE", "DATA", "CACHE")}
    return {**env, **folders, "TERM": "xterm"}


def sleeping(seconds: str) -> list[str]:
    """The processes of this machine, in containers too, that sleep for this long."""
    return [entry.parent.name for entry in Path("/proc").glob("[0-9]*/cmdline") if _sleeps(entry, seconds)]


def _sleeps(entry: Path, seconds: str) -> bool:
    try:
        return entry.read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]
    except OSError:  # it has ended
        return False


def wait_until(holds: object, limit: float) -> float | None:
    assert callable(holds)
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        if holds():
            return time.monotonic() - begun
        time.sleep(0.02)
    return None


def _number(ending: str) -> int:
    return signal.SIGHUP if ending == "closed" else signal.Signals[f"SIG{ending}"]
