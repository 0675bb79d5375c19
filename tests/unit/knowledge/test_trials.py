"""What a test prints counts only if the test did not pass."""

from __future__ import annotations

import pytest

from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import Entry, Library
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.scanner import Scanner

SAID = "write /dev/full: No space left on device"
LIBRARY = Library((Entry("disk", "failure", (Pattern("No space left on device"),), (), False),))


def seen(*lines: str) -> tuple[list[tuple[int, int]], int]:
    """Line and count of each sighting, and the last error line."""
    scanner = Scanner(Matcher(LIBRARY))
    scanner.feed("\n".join(lines).encode() + b"\n")
    found = scanner.finish()
    return [(each.line, each.count) for each in found.sightings.values()], found.last_error


@pytest.mark.parametrize(
    ("begin", "passed", "failed"),
    [
        (
            "=== RUN   TestDisk",
            "--- PASS: TestDisk (0.00s)",
            "--- FAIL: TestDisk (0.00s)",
        ),
        (
            "[ RUN      ] Disk.IsFull",
            "[       OK ] Disk.IsFull (0 ms)",
            "[  FAILED  ] Disk.IsFull (0 ms)",
        ),
        (
            "========== test session starts ==========",
            "========== 3 passed, 1 xfailed in 0.12s ==========",
            "===== 1 failed, 2 passed in 0.12s =====",
        ),
    ],
)
def test_a_failure_inside_a_test_counts_if_the_test_failed_or_never_ended(
    begin: str, passed: str, failed: str
) -> None:
    assert seen(begin, SAID, passed) == ([], 0)
    assert seen(begin, SAID, SAID, failed)[0] == [(2, 2)]
    assert seen(begin, SAID)[0] == [(2, 1)]
    assert seen(begin, passed, SAID)[0] == [(3, 1)]


def test_an_error_inside_a_test_that_passed_is_none() -> None:
    assert seen("=== RUN   TestX", "ERROR: scary", "--- PASS: TestX (0.0s)")[1] == 0
    assert seen("=== RUN   TestX", "ERROR: scary", "--- FAIL: TestX (0.0s)")[1] == 3


def test_a_subtest_is_part_of_a_test() -> None:
    lines = ["=== RUN   TestX", "=== RUN   TestX/full", SAID, "    --- PASS: TestX/full (0.00s)", SAID]

    assert seen(*lines, "--- PASS: TestX (0.00s)")[0] == []
    assert seen(*lines, "--- FAIL: TestX (0.00s)")[0] == [(5, 1)]


def test_of_parallel_tests_the_one_that_was_named_last_has_said_it() -> None:
    lines = ["=== RUN   TestA", "=== RUN   TestB", "=== CONT  TestA", SAID]

    assert seen(*lines, "--- PASS: TestB (0.00s)", "--- FAIL: TestA (0.00s)")[0] == [(4, 1)]
    assert seen(*lines, "--- FAIL: TestB (0.00s)", "--- PASS: TestA (0.00s)")[0] == []


def test_a_go_package_ends_every_test_of_it() -> None:
    assert seen("=== RUN   TestA", SAID, "ok  \texample.org/disk\t0.12s")[0] == []
    assert seen("=== RUN   TestA", SAID, "FAIL\texample.org/disk\t0.12s")[0] == [(2, 1)]


def test_what_is_said_outside_too_is_counted_once_a_line() -> None:
    lines = [SAID, "=== RUN   TestA", SAID, "--- FAIL: TestA (0.00s)", SAID]

    assert seen(*lines)[0] == [(1, 3)]
