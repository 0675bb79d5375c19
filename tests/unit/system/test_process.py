"""The process door on real programs: /bin/sh is everywhere we run."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from devtool.errors import DevtoolError
from devtool.system.process import RealProcess
from devtool.system.streams import OUTPUT_LIMIT_BYTES


@pytest.fixture
def process() -> RealProcess:
    return RealProcess(
        {"PATH": os.environ["PATH"], "PYTHONPATH": "/poison", "PYTHONHOME": "/poison", "KEEP": "me"}
    )


def gone(marker: str) -> bool:
    """Whether no process carries the marker in its arguments, within a second."""
    for _ in range(50):
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        if not any(marker in line and "ps -eo" not in line for line in listed.splitlines()):
            return True
        time.sleep(0.02)
    return False


def test_a_program_gets_its_input_and_gives_both_streams_and_its_status(process: RealProcess) -> None:
    answer = process.run(["sh", "-c", "cat; echo trouble >&2; exit 3"], stdin=b"hello\n")

    assert (answer.outcome, answer.status, answer.stdout, answer.stderr) == (
        "ended",
        3,
        "hello\n",
        "trouble\n",
    )


def test_an_absent_program_is_an_answer(process: RealProcess) -> None:
    answer = process.run(["no-such-program-anywhere"])

    assert answer.outcome == "absent"
    assert not answer.found


def test_a_file_that_cannot_be_started_is_refused_rather_than_absent(
    process: RealProcess, tmp_path: Path
) -> None:
    (tmp_path / "tool").write_text("not executable")

    assert process.run([str(tmp_path / "tool")]).outcome == "refused"


def test_a_program_past_its_time_limit_ends_with_its_whole_group(process: RealProcess) -> None:
    started = time.monotonic()

    answer = process.run(["sh", "-c", "sleep 61.125 & sleep 61.125"], timeout_seconds=0.3)

    assert answer.outcome == "timed-out"
    assert answer.status is None
    assert time.monotonic() - started < 2
    assert gone("61.125")


def test_a_program_that_ignores_termination_is_ended_all_the_same(process: RealProcess) -> None:
    answer = process.run(
        ["sh", "-c", "trap '' TERM INT HUP; sleep 62.125; sleep 62.125"], timeout_seconds=0.3
    )

    assert answer.outcome == "timed-out"
    assert gone("62.125")


def test_a_grandchild_that_holds_the_pipes_neither_delays_the_answer_nor_lives_on(
    process: RealProcess,
) -> None:
    started = time.monotonic()

    answer = process.run(["sh", "-c", "sleep 63.125 & echo done"])

    assert answer.stdout == "done\n"
    assert answer.status == 0
    assert time.monotonic() - started < 2
    assert gone("63.125")


def test_a_flood_of_output_is_cut_at_the_limit(process: RealProcess) -> None:
    answer = process.run(["sh", "-c", "yes | head -c 5000000"])

    assert answer.truncated
    assert len(answer.stdout) == OUTPUT_LIMIT_BYTES
    assert answer.status == 0


def test_lines_reach_the_listener_as_they_come_and_whole(process: RealProcess) -> None:
    lines: list[str] = []

    process.run(["sh", "-c", "printf 'a\\r\\nb'; sleep 0.1; printf 'c\\nlast'"], on_line=lines.append)

    assert lines == ["a", "bc", "last"]


def test_a_line_without_end_reaches_the_listener_in_pieces(process: RealProcess) -> None:
    lines: list[str] = []

    process.run(["head", "-c", "3000000", "/dev/zero"], on_line=lines.append)

    assert sum(map(len, lines)) == 3_000_000
    assert max(map(len, lines)) < 200_000


def test_output_that_is_no_utf8_is_decoded_with_replacement(process: RealProcess) -> None:
    assert process.run(["printf", "\\377ok"]).stdout == "\N{REPLACEMENT CHARACTER}ok"


def test_a_child_speaks_english_and_gets_no_python_of_ours(process: RealProcess) -> None:
    answer = process.run(
        ["sh", "-c", 'echo "$LC_ALL/$PYTHONPATH/$PYTHONHOME/$KEEP/$EXTRA"'], env={"EXTRA": "x"}
    )

    assert answer.stdout == "C.UTF-8///me/x\n"


def test_a_variable_can_be_taken_from_a_child(process: RealProcess) -> None:
    assert process.run(["sh", "-c", 'echo "${KEEP-none}"'], env={"KEEP": None}).stdout == "none\n"


def test_a_program_that_closes_its_streams_early_is_waited_for(process: RealProcess) -> None:
    assert process.run(["sh", "-c", "exec >&- 2>&-; sleep 0.2; exit 7"]).status == 7


def test_end_all_ends_what_other_threads_are_waiting_for(process: RealProcess) -> None:
    worker = threading.Thread(target=process.run, args=(["sleep", "64.125"],), kwargs={"timeout_seconds": 30})
    worker.start()
    time.sleep(0.3)

    process.end_all()
    worker.join(2)

    assert not worker.is_alive()
    assert gone("64.125")


def test_every_program_of_a_name_is_found_once(tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
    for folder in ("a", "b"):
        (tmp_path / folder / "tool").write_text("#!/bin/sh\n")
        (tmp_path / folder / "tool").chmod(0o755)
    (tmp_path / "c" / "tool").symlink_to(tmp_path / "a" / "tool")
    process = RealProcess({"PATH": ":".join(str(tmp_path / f) for f in "abc")})

    assert process.which_all("tool") == [str(tmp_path / "a/tool"), str(tmp_path / "b/tool")]
    assert process.which("tool") == str(tmp_path / "a/tool")


def test_a_conversation_answers_until_it_is_closed(process: RealProcess) -> None:
    talk = process.converse(["cat"])

    talk.ask(b"one\ntwo")
    first, second = talk.read_line(), talk.read(3)
    talk.close()

    assert (first, second) == (b"one\n", b"two")


def test_a_server_outlives_the_call_and_ends_with_its_group(process: RealProcess, tmp_path: Path) -> None:
    script = "echo started; sleep 65.125 & sleep 65.125"
    pid = process.spawn(["sh", "-c", script], log_path=str(tmp_path / "log"), cwd=str(tmp_path))
    time.sleep(0.2)

    born = process.born(pid)
    ended = process.end_group(pid, grace_seconds=2)

    assert born is not None
    assert abs(born - (time.time() - psutil.boot_time())) < 30
    assert ended
    assert process.born(pid) is None
    assert gone("65.125")
    assert (tmp_path / "log").read_text() == "started\n"


def test_a_server_that_ignores_termination_is_killed(process: RealProcess, tmp_path: Path) -> None:
    argv = ["sh", "-c", "trap '' TERM; while :; do sleep 66.125; done"]
    pid = process.spawn(argv, log_path=str(tmp_path / "log"), cwd=str(tmp_path))
    time.sleep(0.2)

    assert process.end_group(pid, grace_seconds=0.2)
    assert gone("66.125")


def test_a_server_that_cannot_be_started_is_one_clear_error(process: RealProcess, tmp_path: Path) -> None:
    with pytest.raises(DevtoolError, match="cannot start `/no/such/server`: No such file or directory"):
        process.spawn(["/no/such/server"], log_path=str(tmp_path / "log"), cwd=str(tmp_path))


@pytest.mark.parametrize("path", [".", "bin:.:/usr/bin:/bin", ":/usr/bin:/bin", "/usr/bin:/bin:", ""])
def test_no_program_is_taken_from_the_folder_one_happens_to_stand_in(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "uname").write_text("#!/bin/sh\necho the checkout\n")
        (folder / "uname").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    process = RealProcess({"PATH": path})

    answers = [
        process.run(["uname"], cwd=str(tmp_path)),
        process.run(["/bin/sh", "-c", "uname"], cwd=str(tmp_path)),
        process.run(["uname"], cwd=str(tmp_path), env={"PATH": path}),
    ]

    assert "the checkout" not in "".join(answer.stdout for answer in answers)
    assert all(found.startswith("/") for found in process.which_all("uname"))
    assert (process.which("uname") or "/").startswith("/")


def test_end_all_waits_for_what_another_thread_is_starting_and_lets_nothing_start_after(
    tmp_path: Path,
) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\nsleep 68.5\n")
    tool.chmod(0o755)
    for _ in range(20):
        process = RealProcess({"PATH": os.environ["PATH"]})
        threads = [threading.Thread(target=process.run, args=([str(tool)],)) for _ in range(4)]
        for thread in threads:
            thread.start()

        process.end_all()
        for thread in threads:
            thread.join(10)

        assert process.run([str(tool)]).outcome == "refused"
    assert gone("sleep 68.5")


def test_within_changes_the_environment_of_programs_and_leaves_the_door_as_it_was() -> None:
    process = RealProcess({"PATH": os.environ["PATH"], "GONE": "1", "KEPT": "2"})

    inner = process.within({"GONE": None, "NEW": "3"})

    show = ["sh", "-c", 'echo "$GONE,$KEPT,$NEW"']
    assert inner.run(show).stdout == ",2,3\n"
    assert process.run(show).stdout == "1,2,\n"


def test_ending_all_reaches_what_was_started_within() -> None:
    process = RealProcess({"PATH": os.environ["PATH"]})

    process.end_all()

    assert process.within({"A": "b"}).run(["true"]).outcome == "refused"
