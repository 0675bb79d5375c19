"""What an error looks like that nobody has described."""

from __future__ import annotations

import pytest

from devtool.knowledge import errors

ERRORS = [
    "a.cpp:3:1: error: no such thing", "error[E0432]: unresolved import", "fatal: not a repo", "E: no",
    "panic: runtime error", "CMake Error at CMakeLists.txt:3", "Traceback (most recent call last):",
    "ValueError: no", "ERROR: x", "ld: undefined reference to `x'", "x: command not found", "--- FAIL: T",
    "ninja: error: no work", "a: No such file or directory", "Segmentation fault (core dumped)", "Killed",
    "/bin/sh: 1: foo: not found", "/usr/bin/ld: cannot find -lfoo", "The command returned a non-zero code: 1",
]  # fmt: skip
CASCADES = [
    "make[1]: *** [Makefile:1: all] Error 2", "ninja: build stopped: subcommand failed.", "Finished: FAILURE",
    "Process completed with exit code 1", "conan install failed", "FAIL\tgithub.com/x",
    "exit status 2",
    "-- Configuring incomplete, errors occurred!", "error: could not compile `x`",
    "the job exited with code 3.", "Build step 'x' marked build as failure", "FAIL",
]  # fmt: skip
ORDINARY = [
    "0 errors, 0 failed", "warning: error: is a word", "gcc -Werror -c error.c", "note: error: x", "ok", "",
    "[ 3%] Building CXX object error.o", "DEBUG error: retried", "-- Looking for x - not found",
]  # fmt: skip


@pytest.mark.parametrize("line", ERRORS)
def test_an_error_is_known_by_its_form(line: str) -> None:
    assert errors.kind(line) == "error"


@pytest.mark.parametrize("line", CASCADES)
def test_what_passes_on_an_error_is_told_apart(line: str) -> None:
    assert errors.kind(line) == "cascade"


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_lines_are_no_errors(line: str) -> None:
    assert errors.kind(line) is None


@pytest.mark.parametrize("line", [*ERRORS, *CASCADES, "Finished: SUCCESS", "Job succeeded", "BUILD SUCCESS"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_literal_that_is_looked_for_stands_in_every_line_that_counts(line: str, end: str) -> None:
    assert any(anchor in line + end for anchor in errors.ANCHORS)


def test_two_sayings_of_one_error_are_masked_alike() -> None:
    assert errors.mask("/a/b.c:3: error: 'x' is 0x1f") == errors.mask("/c/d/e.c:44: error: 'yy' is 0xff")
    assert errors.mask("error: no x") != errors.mask("error: no y")
