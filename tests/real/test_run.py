"""`devtool run` on real terminals, pipes, shells and signals."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from tests.conftest import require
from tests.support.screen import Screen

pytestmark = pytest.mark.real

DEVTOOL = [sys.executable, "-m", "devtool"]
QUIET = [*DEVTOOL, "run", "--quiet", "--"]


@pytest.fixture
def env(home: str) -> dict[str, str]:
    """A person's environment with a home of its own and nothing kept elsewhere."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "GITHUB_", "MAKE"))
    }
    return {**kept, "HOME": home, "PS1": "ready> ", "TERM": "xterm", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def logs(home: str) -> Path:
    return Path(home, ".local/state/devtool/logs")


def run(
    argv: Sequence[str], env: dict[str, str], stdin: bytes = b"", timeout_seconds: float = 60
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*QUIET, *argv], env=env, input=stdin, capture_output=True, timeout=timeout_seconds, check=False
    )


def alive(marker: str) -> list[int]:
    """Processes that carry the marker in their arguments."""
    found = []
    for each in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(each.info["cmdline"] or [])
        if marker in line and each.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(each.pid)
    return found


def running(*argv: str) -> bool:
    """Whether a program with exactly these arguments runs."""
    return any(each.info["cmdline"] == list(argv) for each in psutil.process_iter(["cmdline"]))


def wait_until(claim: str, holds: object, timeout_seconds: float = 15.0) -> None:
    assert callable(holds)
    deadline = time.monotonic() + timeout_seconds
    while not holds():
        assert time.monotonic() < deadline, f"never so: {claim}"
        time.sleep(0.02)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    ("line", "status"),
    [("true", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137), ("kill -SEGV $$", 139)],
)
def test_the_status_is_the_commands_own(terminal: bool, line: str, status: int, env: dict[str, str]) -> None:
    argv = ["sh", "-c", line]

    if terminal:
        with Screen([*QUIET, *argv], env=env) as screen:
            assert screen.leave() == status
    else:
        assert run(argv, env).returncode == status


@pytest.mark.parametrize("terminal", [True, False])
def test_what_cannot_be_started_has_the_status_a_shell_gives_it_and_one_line(
    terminal: bool, env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no program")
    (tmp_path / "orphan").write_text("#!/no/such/interpreter\n")
    (tmp_path / "orphan").chmod(0o755)
    cases = [
        ("no-such-program", 127, "devtool: `no-such-program` is not on PATH"),
        (f"{tmp_path}/none", 127, f"devtool: `{tmp_path}/none` does not exist"),
        (f"{tmp_path}/text", 126, f"devtool: `{tmp_path}/text` cannot be started: permission denied"),
        (str(tmp_path), 126, f"devtool: `{tmp_path}` cannot be started: it is a folder"),
        (
            f"{tmp_path}/orphan",
            126,
            f"devtool: `{tmp_path}/orphan` cannot be started: "
            "the interpreter that its first line names does not exist",
        ),
    ]

    for program, status, said in cases:
        if terminal:
            with Screen([*QUIET, program], env=env, columns=300) as screen:
                before = screen.modes
                assert screen.leave() == status
                assert screen.shown.decode() == f"{said}\r\n"
                assert screen.modes == before
        else:
            answer = run([program], env)
            assert (answer.returncode, answer.stderr.decode()) == (status, f"{said}\n")


def test_a_script_without_a_first_line_is_run_as_the_shell_would(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "script").write_text('echo "$0 $1"\n')
    (tmp_path / "script").chmod(0o755)

    assert run([f"{tmp_path}/script", "a b"], env).stdout.decode() == f"{tmp_path}/script a b\n"


def test_options_of_the_command_need_no_dashes_before_it(env: dict[str, str]) -> None:
    argv = [*DEVTOOL, "run", sys.executable, "-c", "import sys; print(sys.argv)", "--quiet", "--", "-h"]

    answer = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)

    assert answer.stdout == "['-c', '--quiet', '--', '-h']\n"


def test_the_environment_and_the_folder_are_the_persons_own(tmp_path: Path) -> None:
    env = {"PATH": f":/usr/bin:/bin:{tmp_path}", "PYTHONPATH": "/mine", "HOME": str(tmp_path), "EMPTY": ""}
    program = [sys.executable, "-c", "import devtool.__main__"]
    line = f"{shlex.join([*DEVTOOL, 'run', '--', 'env', '-0'])}"
    assert program

    answer = subprocess.run(
        ["sh", "-c", f"cd {tmp_path}; exec {line}"], env=env, capture_output=True, check=True
    )
    alone = subprocess.run(
        ["sh", "-c", f"cd {tmp_path}; exec env -0"], env=env, capture_output=True, check=True
    )

    assert sorted(answer.stdout.split(b"\0")) == sorted(alone.stdout.split(b"\0"))


def test_standard_output_stays_apart_from_standard_error(env: dict[str, str]) -> None:
    answer = run(["sh", "-c", "echo out; echo err >&2; echo out again"], env)

    assert (answer.stdout, answer.stderr) == (b"out\nout again\n", b"err\n")


def test_streams_that_are_one_file_keep_their_order(env: dict[str, str], tmp_path: Path) -> None:
    line = "i=0; while [ $i -lt 200 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done"
    with open(tmp_path / "both", "wb") as both:
        subprocess.run([*QUIET, "sh", "-c", line], env=env, stdout=both, stderr=both, check=True)

    expected = "".join(f"out{i}\nerr{i}\n" for i in range(200))
    assert (tmp_path / "both").read_text() == expected


def test_ten_megabytes_of_anything_come_out_as_they_went_in_and_are_in_the_log(
    env: dict[str, str], logs: Path, tmp_path: Path
) -> None:
    content = os.urandom(10 * 1024**2)
    (tmp_path / "blob").write_bytes(content)

    answer = run(["sh", "-c", f"cat '{tmp_path}/blob'; exit 1"], env)

    (log,) = logs.iterdir()
    assert hashlib.sha256(answer.stdout).digest() == hashlib.sha256(content).digest()
    assert log.read_bytes() == content
    assert log.stat().st_mode & 0o777 == 0o600


def test_input_reaches_the_command_untouched(env: dict[str, str]) -> None:
    content = os.urandom(1024**2)

    assert run(["cat"], env, stdin=content).stdout == content


def test_a_slow_reader_gets_everything(env: dict[str, str]) -> None:
    line = f"{shlex.join([*QUIET, 'head', '-c', '3000000', '/dev/zero'])} | (sleep 1; wc -c)"

    answer = subprocess.run(["sh", "-c", line], env=env, capture_output=True, check=True)

    assert answer.stdout.strip() == b"3000000"


def test_a_reader_that_goes_away_ends_the_command_as_it_would_alone(env: dict[str, str]) -> None:
    line = f"{shlex.join([*DEVTOOL, 'run', 'yes'])} | head -n 1"

    answer = subprocess.run(
        ["bash", "-c", f"{line}; echo ${{PIPESTATUS[0]}}"],
        env=env,
        capture_output=True,
        timeout=20,
        check=True,
    )

    assert (answer.stdout, answer.stderr) == (b"y\n141\n", b"")


def test_a_reader_that_goes_away_is_felt_beside_a_terminal_too(env: dict[str, str]) -> None:
    reading, writing = os.pipe()
    with Screen([*QUIET, "yes"], env=env, redirected={"stdout": writing}) as screen:
        os.close(writing)
        assert os.read(reading, 2) == b"y\n"
        os.close(reading)

        assert screen.leave() == 141


@pytest.mark.parametrize("terminal", [True, False])
def test_a_daemon_that_keeps_the_streams_does_not_hold_us(terminal: bool, env: dict[str, str]) -> None:
    argv = ["sh", "-c", "sleep 61.25 & echo started"]
    started = time.monotonic()

    try:
        if terminal:
            with Screen([*QUIET, *argv], env=env) as screen:
                assert screen.leave() == 0
                shown = screen.shown
        else:
            shown = run(argv, env).stdout
        seconds = time.monotonic() - started
        still = alive("sleep 61.25")
    finally:
        for pid in alive("sleep 61.25"):
            os.kill(pid, signal.SIGKILL)

    assert shown.strip() == b"started"
    assert seconds < 10
    assert still, "what stays behind on purpose is left alone"


def test_the_first_byte_comes_at_once(env: dict[str, str]) -> None:
    program = "import os, time; time.sleep(1); os.write(1, b'%.6f ' % time.time()); time.sleep(1)"
    delays = []
    for terminal in (True, False):
        argv = [*QUIET, sys.executable, "-c", program]
        if terminal:
            with Screen(argv, env=env) as screen:
                screen.expect(" ")
                delays.append(time.time() - float(screen.shown))
                screen.leave()
        else:
            with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, bufsize=0) as child:
                assert child.stdout is not None
                said = child.stdout.read(64)
                delays.append(time.time() - float(said))

    assert max(delays) < 0.05


def test_the_command_has_the_size_of_the_terminal_and_learns_of_changes(env: dict[str, str]) -> None:
    argv = ["sh", "-c", "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done"]
    with Screen([*QUIET, *argv], env=env, rows=31, columns=97) as screen:
        screen.expect("31 97")

        screen.resize(40, 120)

        screen.expect("40 120")
        screen.type("\x03")
        assert screen.leave() == 130


def test_all_three_streams_are_the_terminal_and_it_is_the_controlling_one(env: dict[str, str]) -> None:
    argv = ["sh", "-c", 'tty; tty <&1; tty <&2; read line </dev/tty; echo "got $line"']
    with Screen([*QUIET, *argv], env=env) as screen:
        screen.type("word\r")
        screen.expect("got word")

        assert screen.leave() == 0
        lines = screen.shown.decode().split("\r\n")
        names = {line for line in lines if line.startswith("/dev/")}
        assert len(names) == 1


def test_the_terminal_is_found_as_it_was_left(env: dict[str, str]) -> None:
    with Screen([*QUIET, "stty", "-echo", "raw"], env=env) as screen:
        before = screen.modes

        screen.leave()

        assert screen.modes == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_ends_the_command_and_restores_the_terminal(
    number: signal.Signals, env: dict[str, str]
) -> None:
    with Screen([*QUIET, "sh", "-c", "echo up; sleep 62.25; true"], env=env) as screen:
        before = screen.modes
        screen.expect("up")
        wait_until("the terminal is raw", lambda: screen.modes != before)

        screen.process.send_signal(number)

        assert screen.leave() == 128 + number
        assert screen.modes == before
        assert not alive("sleep 62.25")


def test_killed_it_leaves_nothing_running_and_the_terminal_usable(env: dict[str, str]) -> None:
    with Screen([*QUIET, "sh", "-c", "trap '' HUP; echo up; sleep 63.25; true"], env=env) as screen:
        before = screen.modes
        screen.expect("up")

        screen.process.kill()
        screen.process.wait()

        wait_until("the command has ended", lambda: not alive("sleep 63.25"))
        wait_until("the terminal is restored", lambda: screen.modes == before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_without_a_terminal_a_signal_to_us_ends_the_command_and_its_children(
    number: signal.Signals, env: dict[str, str]
) -> None:
    argv = [*QUIET, "sh", "-c", "echo up; sleep 64.25; true"]
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"

        child.send_signal(number)

        assert child.wait(15) == 128 + number
        assert not alive("sleep 64.25")


def test_ctrl_c_reaches_the_command_and_what_it_does_with_it_counts(env: dict[str, str]) -> None:
    argv = ["sh", "-c", "trap 'echo caught; exit 5' INT; echo up; while :; do sleep 0.05; done"]
    with Screen([*QUIET, *argv], env=env) as screen:
        screen.expect("up")

        screen.type("\x03")

        screen.expect("caught")
        assert screen.leave() == 5


def test_a_command_that_ignores_ctrl_c_goes_on(env: dict[str, str]) -> None:
    argv = ["sh", "-c", "trap '' INT; echo up; sleep 1; echo over; exit 6"]
    with Screen([*QUIET, *argv], env=env) as screen:
        screen.expect("up")

        screen.type("\x03")
        screen.type("\x03")

        screen.expect("over")
        assert screen.leave() == 6


def test_ctrl_backslash_quits_the_command(env: dict[str, str]) -> None:
    with Screen([*QUIET, "sh", "-c", "ulimit -c 0; echo up; sleep 30"], env=env) as screen:
        screen.expect("up")

        screen.type("\x1c")

        assert screen.leave() == 131


@pytest.mark.parametrize(
    "redirection", ["", " 2>/dev/null", " >/dev/null", " >/dev/null 2>&1", " </dev/null"]
)
def test_ctrl_c_ends_it_whatever_is_redirected(redirection: str, env: dict[str, str]) -> None:
    line = f"{shlex.join([*QUIET, 'sh', '-c', 'sleep 65.25; true'])}{redirection}; echo ended $?"
    with Screen(["bash", "-c", f"trap : INT; {line}"], env=env) as screen:
        wait_until("it sleeps", lambda: running("sleep", "65.25"))

        screen.type("\x03")

        screen.expect("ended 130")
        screen.leave()
        assert not alive("sleep 65.25")


@contextlib.contextmanager
def interactive_bash(env: dict[str, str]) -> Iterator[Screen]:
    """A shell with job control at a prompt."""
    with Screen(["bash", "--norc", "--noprofile", "-i"], env=env, columns=300) as screen:
        screen.expect("ready> ")
        yield screen
        screen.type("\x15exit\r")
        with contextlib.suppress(AssertionError):
            screen.leave(1)


# Not dash: stopped between its vfork and exec, its child holds it where nobody sees that it is stopped.
COUNTING = [*QUIET, "bash", "-c", "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo n$i; sleep 0.1; done"]


@pytest.mark.parametrize("redirection", ["", " | cat", " </dev/null", " 2>&1 | cat"])
def test_ctrl_z_stops_it_and_fg_goes_on(redirection: str, env: dict[str, str]) -> None:
    with interactive_bash(env) as screen:
        screen.type(f"{shlex.join(COUNTING)}{redirection}\r")
        screen.expect("n3\r\n")

        screen.type("\x1a")
        screen.expect("Stopped")
        screen.expect("ready> ")
        time.sleep(0.5)
        before = screen.shown
        while screen.read(0.3):
            pass
        assert screen.shown == before, "it must not run while it is stopped"
        screen.type("echo at the $((40+2)) prompt\r")
        screen.expect("at the 42 prompt")
        screen.type("fg\r")

        last = int(before.rpartition(b"\nn")[2].split()[0])
        screen.expect(f"n{last + 2}\r\n")
        screen.type("\x03")
        screen.expect("ready> ")
        screen.type("echo status $?\r")
        screen.expect("status 130")
        assert not alive("n$i")


def test_stopped_it_can_go_on_in_the_background_and_come_back(env: dict[str, str]) -> None:
    with interactive_bash(env) as screen:
        screen.type(f"{shlex.join(COUNTING)}\r")
        screen.expect("n3\r\n")
        screen.type("\x1a")
        screen.expect("Stopped")
        screen.expect("ready> ")

        screen.type("bg\r")
        screen.expect("n6\r\n")
        screen.type("echo typed $((40+2))\r")
        screen.expect("typed 42")
        screen.type("fg\r")
        screen.expect("n12\r\n")
        screen.type("\x03")

        screen.expect("ready> ")
        screen.type("echo status $?\r")
        screen.expect("status 130")


def test_started_in_the_background_it_stops_when_it_wants_a_key_and_gets_it_in_front(
    env: dict[str, str],
) -> None:
    argv = ["sh", "-c", "echo up; read line; echo got $line"]
    with interactive_bash(env) as screen:
        screen.type(f"{shlex.join([*QUIET, *argv])} &\r")
        screen.expect("up")
        time.sleep(0.5)
        screen.type("\r")
        screen.expect("Stopped")

        screen.type("fg\r")
        screen.expect("read line")
        time.sleep(0.3)
        screen.type("word\r")

        screen.expect("got word")
        screen.expect("ready> ")


def test_in_a_pipeline_the_command_gets_keys_only_when_it_asks(env: dict[str, str]) -> None:
    argv = ["sh", "-c", "echo line; sleep 2"]
    with interactive_bash(env) as screen:
        # As `less` does: the reader of our output reads keys from the terminal.
        screen.type(f"{shlex.join([*QUIET, *argv])} | (read one; read key </dev/tty; echo reader $key)\r")
        time.sleep(1)
        screen.type("word\r")

        screen.expect("reader word")
        screen.expect("ready> ")


def test_a_question_in_a_pipeline_is_answered_from_the_terminal(env: dict[str, str]) -> None:
    argv = ["sh", "-c", "printf 'password: ' >/dev/tty; read line </dev/tty; echo got $line"]
    with interactive_bash(env) as screen:
        screen.type(f"{shlex.join([*QUIET, *argv])} | cat\r")
        screen.expect("/dev/tty; echo got")
        screen.expect("password: ")
        screen.type("word\r")

        screen.expect("got word")
        screen.expect("ready> ")


def test_a_shell_inside_has_job_control_of_its_own(env: dict[str, str]) -> None:
    with Screen([*QUIET, "bash", "--norc", "--noprofile", "-i"], env=env) as screen:
        screen.expect("ready> ")
        screen.type("sleep 66.25\r")
        wait_until("it sleeps", lambda: running("sleep", "66.25"))
        screen.type("\x1a")
        screen.expect("Stopped")
        screen.type("kill -KILL %1; sleep 0.5; exit 4\r")

        assert screen.leave() == 4


def test_all_output_of_a_short_command_is_shown_every_time(env: dict[str, str]) -> None:
    for _ in range(15):
        with Screen([*QUIET, "seq", "3000"], env=env) as screen:
            assert screen.leave() == 0
            assert screen.shown.decode() == "".join(f"{n}\r\n" for n in range(1, 3001))


def test_old_logs_make_room(env: dict[str, str], logs: Path) -> None:
    logs.mkdir(parents=True)
    for day in range(1, 26):
        path = logs / f"202601{day:02}T000000Z-make.log"
        path.write_text("old")
        os.utime(path, (day, day))
    (logs / "notes.txt").write_text("mine")

    run(["echo", "new"], env)

    names = sorted(path.name for path in logs.iterdir())
    assert len(names) == 21
    assert names[0] == "20260107T000000Z-make.log"
    assert "notes.txt" in names


def test_without_a_place_for_the_log_it_says_so_once_and_runs(
    env: dict[str, str], home: str, tmp_path: Path
) -> None:
    Path(home, ".local").write_text("a file in the way")
    (tmp_path / "temporary").mkdir()

    answer = run(["echo", "ran"], {**env, "TMPDIR": str(tmp_path / "temporary")})

    assert (answer.returncode, answer.stdout) == (0, b"ran\n")
    assert answer.stderr.decode().count("cannot keep the log in") == 1
    assert answer.stderr.decode().count("\n") == 1


def test_a_full_disk_costs_the_log_and_nothing_else(env: dict[str, str], logs: Path) -> None:
    require(os.path.exists("/dev/full"), "no /dev/full")
    line = f"ulimit -f 8; exec {shlex.join([*QUIET, 'head', '-c', '100000', '/dev/zero'])}"

    answer = subprocess.run(["sh", "-c", line], env=env, capture_output=True, check=False)

    assert (answer.returncode, len(answer.stdout)) == (0, 100000)
    assert answer.stderr.decode() == "devtool: the log ends early: file too large\n"


BREAKING = "echo start; sleep 0.5; echo 'scripts/3rdparty_build.sh: line 94: conan: command not found'; "


@pytest.mark.parametrize("terminal", [True, False])
def test_a_known_failure_is_announced_while_it_scrolls_by_and_explained_at_the_end(
    terminal: bool, env: dict[str, str], logs: Path, tmp_path: Path
) -> None:
    argv = [*DEVTOOL, "run", "--", "sh", "-c", f"{BREAKING} sleep 3; echo last; exit 2"]
    if terminal:
        with Screen(argv, env=env, cwd=str(tmp_path), columns=200) as screen:
            status, shown = screen.leave(30), screen.shown.decode().replace("\r\n", "\n")
    else:
        answer = subprocess.run(
            argv,
            env=env,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        status, shown = answer.returncode, answer.stdout

    (log,) = logs.iterdir()
    lines = shown.splitlines()
    assert status == 2
    assert lines[2].startswith("devtool: line 2: ")
    assert lines[2].endswith("(conan-not-found)")
    assert lines[3] == "last"
    assert "conan-not-found" in lines[4]
    assert lines[-1] == f"devtool: the full log is `{log}`"
    assert "devtool:" not in log.read_text()


@pytest.mark.parametrize("terminal", [True, False])
def test_fail_fast_ends_the_command_and_all_it_started(
    terminal: bool, env: dict[str, str], tmp_path: Path
) -> None:
    argv = [
        *DEVTOOL,
        "run",
        "--fail-fast",
        "--",
        "sh",
        "-c",
        f"{BREAKING} (sleep 68.25; true) & sleep 68.25; true",
    ]
    started = time.monotonic()
    if terminal:
        with Screen(argv, env=env, cwd=str(tmp_path)) as screen:
            status = screen.leave(30)
    else:
        status = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, check=False).returncode

    assert status == 1
    assert time.monotonic() - started < 20
    assert not alive("sleep 68.25")


def test_a_success_says_nothing(env: dict[str, str], tmp_path: Path) -> None:
    answer = subprocess.run(
        [*DEVTOOL, "run", "echo", "fine"], env=env, cwd=tmp_path, capture_output=True, check=False
    )

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, b"fine\n", b"")
