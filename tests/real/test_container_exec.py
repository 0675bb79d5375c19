"""Programs in a real container: their streams and statuses are theirs, and they end when we do."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.engine import Command, docker

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
# One that is waited for, one in the background, one in its own session, one that ignores what it is told.
FAMILY = "sleep {0} & setsid sleep {0} & setsid sh -c 'trap \"\" INT TERM HUP; sleep {0}; :' & sleep {0}"
MEMBERS = 4
ENDINGS = ("INT", "TERM", "HUP", "KILL")


@pytest.fixture(scope="module")
def checkout(busybox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("exec") / "a project"
    (folder / "src").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".devcontainer.json").write_text(f'{{"image": "{busybox}", "workspaceFolder": "/work"}}')
    name = f"devtool-test-exec-{os.getpid()}"
    labels = ("--label", f"devcontainer.local_folder={folder}")
    mount = f"{folder}:/work"
    docker("run", "-d", "--init", "--name", name, *labels, "-v", mount, busybox, "sleep", "86400")
    yield folder
    docker("rm", "-f", name, status=None)


def start(
    checkout: Path, tmp_path: Path, *words: str, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "devtool", "container", "exec", *words],
        cwd=checkout,
        env=surroundings(tmp_path),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def surroundings(tmp_path: Path) -> dict[str, str]:
    folders = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("STATE", "DATA", "CACHE")}
    return {**os.environ, **folders, "PYTHONPATH": str(ROOT), "TERM": "xterm"}


def on_terminal(checkout: Path, tmp_path: Path, *words: str) -> tuple[int, int]:
    """Process id and our end of the terminal."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(checkout)
        argv = [sys.executable, "-m", "devtool", "container", "exec", *words]
        os.execve(sys.executable, argv, surroundings(tmp_path))
    return pid, master


def living(seconds: str) -> int:
    """How many `sleep SECONDS` there are on this machine, in containers too."""
    return sum(_sleeps(entry, seconds) for entry in Path("/proc").glob("[0-9]*/cmdline"))


def _sleeps(entry: Path, seconds: str) -> bool:
    try:
        return entry.read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]
    except OSError:  # it has ended
        return False


def wait_for(seconds: str, count: int, limit: float) -> float | None:
    """The time it took until that many sleep; None when they never did."""
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        if living(seconds) == count:
            return time.monotonic() - begun
        time.sleep(0.02)
    return None


def read_until(master: int, wanted: bytes, limit: float = 20) -> bytes:
    said, deadline = b"", time.monotonic() + limit
    with suppress(OSError):  # nobody holds the other end any more
        while wanted not in said and time.monotonic() < deadline:
            said += os.read(master, 65536)
    return said


def test_streams_and_status_are_the_commands_own(checkout: Path, devtool: Command) -> None:
    done = devtool(
        "container", "exec", "--", "sh", "-c", "echo out; echo err >&2; exit 42", cwd=checkout, status=42
    )

    assert (done.stdout, done.stderr) == ("out\n", "err\n")


@pytest.mark.parametrize(
    ("script", "status"), [("true", 0), ("exit 255", 255), ("kill -9 $$", 137), ("kill -TERM $$", 143)]
)
def test_a_status_is_the_one_inside(checkout: Path, devtool: Command, script: str, status: int) -> None:
    devtool("container", "exec", "--", "sh", "-c", script, cwd=checkout, status=status)


def test_what_is_not_there_and_what_cannot_run_have_the_statuses_of_a_shell(
    checkout: Path, devtool: Command
) -> None:
    devtool("container", "exec", "--", "no-such-program", cwd=checkout, status=127)
    devtool("container", "exec", "--", "/etc/passwd", cwd=checkout, status=126)


def test_it_works_in_the_folder_that_we_are_in(checkout: Path, devtool: Command) -> None:
    at_top = devtool("container", "exec", "--", "pwd", cwd=checkout)
    below = devtool("container", "exec", "--", "pwd", cwd=checkout / "src")
    elsewhere = devtool("container", "exec", "-w", "/tmp", "--", "pwd", cwd=checkout)

    assert (at_top.stdout, below.stdout, elsewhere.stdout) == ("/work\n", "/work/src\n", "/tmp\n")


def test_standard_input_is_given_on_request_and_to_its_end(checkout: Path, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)

    with start(checkout, tmp_path, "-i", "--", "cat", stdin=subprocess.PIPE) as process:
        out, err = process.communicate(data, timeout=60)

    assert (out == data, err, process.returncode) == (True, b"", 0)


def test_without_request_standard_input_stays_for_the_next(checkout: Path, tmp_path: Path) -> None:
    script = f"{sys.executable} -m devtool container exec -- cat; cat"

    done = subprocess.run(
        ["sh", "-c", script],
        cwd=checkout,
        env=surroundings(tmp_path),
        input=b"mine",
        capture_output=True,
        check=True,
    )

    assert done.stdout == b"mine"


def test_both_streams_come_whole(checkout: Path, tmp_path: Path) -> None:
    script = "yes out | head -c 8000000 & yes err | head -c 8000000 >&2; wait"

    with start(checkout, tmp_path, "--", "sh", "-c", script) as process:
        out, err = process.communicate(timeout=60)

    assert (len(out), len(err)) == (8_000_000, 8_000_000)
    assert set(out.splitlines()) == {b"out"}
    assert set(err.splitlines()) == {b"err"}


def test_a_reader_that_leaves_ends_what_writes(checkout: Path, tmp_path: Path) -> None:
    script = f"{sys.executable} -m devtool container exec -- sh -c 'echo $$; yes {os.getpid()}x' | head -n 1"

    subprocess.run(["sh", "-c", script], cwd=checkout, env=surroundings(tmp_path), check=True, timeout=30)

    deadline = time.monotonic() + 5
    while (left := docker("ps", "-q")) and time.monotonic() < deadline:
        running = subprocess.run(["pgrep", "-f", f"yes {os.getpid()}x"], capture_output=True, check=False)
        if running.returncode:
            break
        time.sleep(0.05)
    assert (bool(left), running.stdout) == (True, b"")


@pytest.mark.parametrize("flags", [(), ("-i",)], ids=["plain", "with-input"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_all_that_runs_inside_ends_within_a_second_of_the_client(
    checkout: Path, tmp_path: Path, flags: tuple[str, ...], ending: str
) -> None:
    seconds = f"{70000 + ENDINGS.index(ending) * 10 + len(flags)}"
    number = signal.Signals[f"SIG{ending}"]
    process = start(
        checkout, tmp_path, *flags, "--", "sh", "-c", FAMILY.format(seconds), stdin=subprocess.PIPE
    )
    assert wait_for(seconds, MEMBERS, 20) is not None

    process.send_signal(number)
    took = wait_for(seconds, 0, 10)

    process.communicate(timeout=10)
    assert took is not None
    assert took < 1.5  # a second, and a half for a machine that is busy
    assert process.returncode == (-number if ending == "KILL" else 128 + number)


@pytest.mark.parametrize("ending", [*ENDINGS, "CLOSE"])
def test_all_that_runs_inside_ends_with_the_terminal_too(checkout: Path, tmp_path: Path, ending: str) -> None:
    seconds = f"{71000 + [*ENDINGS, 'CLOSE'].index(ending)}"
    pid, master = on_terminal(checkout, tmp_path, "--", "sh", "-c", FAMILY.format(seconds))
    assert wait_for(seconds, MEMBERS, 20) is not None

    if ending == "CLOSE":
        os.close(master)
    else:
        os.kill(pid, signal.Signals[f"SIG{ending}"])
    took = wait_for(seconds, 0, 10)

    os.waitpid(pid, 0)
    assert took is not None
    assert took < 1.5


def test_control_c_is_a_key_for_the_program_and_the_terminal_is_as_it_was(
    checkout: Path, tmp_path: Path
) -> None:
    script = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done"
    pid, master = on_terminal(checkout, tmp_path, "--", "sh", "-c", script)
    before = termios.tcgetattr(master)
    said = read_until(master, b"ready")

    os.write(master, b"\x03")
    said += read_until(master, b"caught")
    _, status = os.waitpid(pid, 0)

    assert b"caught" in said
    assert os.waitstatus_to_exitcode(status) == 9
    assert termios.tcgetattr(master)[3] == before[3]
    os.close(master)


def test_a_shell_types_and_answers_on_a_terminal_of_our_size(checkout: Path, tmp_path: Path) -> None:
    pid, master = on_terminal(checkout, tmp_path, "--", "sh")
    termios.tcsetwinsize(master, (31, 97)) if hasattr(termios, "tcsetwinsize") else None
    os.kill(pid, signal.SIGWINCH)

    time.sleep(1)
    os.write(master, b"stty size; echo $((40 + 2)); exit 3\n")
    said = read_until(master, b"42\r\n")
    _, status = os.waitpid(pid, 0)

    assert b"42\r\n" in said
    assert os.waitstatus_to_exitcode(status) == 3
    assert not hasattr(termios, "tcsetwinsize") or b"31 97" in said
    os.close(master)


def test_a_container_that_is_not_up_is_told_with_the_command_that_brings_it_up(
    busybox: str, tmp_path: Path, devtool: Command
) -> None:
    (tmp_path / "other/.git").mkdir(parents=True)
    (tmp_path / "other/.devcontainer.json").write_text(f'{{"image": "{busybox}"}}')

    done = devtool("container", "exec", "--", "true", cwd=tmp_path / "other", status=1)

    assert "is not up" in done.stderr
    assert "devtool container up" in done.stderr
    assert done.stdout == ""


def test_an_engine_that_is_not_there_is_told_in_a_line(
    checkout: Path, tmp_path: Path, devtool: Command
) -> None:
    env = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}

    done = devtool("container", "exec", "--", "true", cwd=checkout, env=env, status=1)

    assert "no Docker engine runs" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
@pytest.mark.parametrize("program", ["echo short", "yes"])
def test_output_that_no_disk_takes_is_no_success(checkout: Path, tmp_path: Path, program: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "devtool", "container", "exec", "--", *program.split()],
            cwd=checkout,
            env=surroundings(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (done.returncode, done.stderr) == (
        1,
        b"devtool: its output cannot be written: no space left on device\n",
    )


def test_words_that_an_engine_would_change_are_refused(checkout: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "devtool", "container", "exec", "--", "rm", "-f", b"a\xff"]

    done = subprocess.run(words, cwd=checkout, env=surroundings(tmp_path), capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (
        2,
        b"devtool: `a\\udcff` is no UTF-8, and an engine takes nothing else\n",
    )
