"""`devtool diagnose`: what it reads, says and leaves with."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from devtool.cli import run
from tests.support import fake_system
from tests.support.console import FakeConsole
from tests.support.files import FakeFiles

SAID = "builder-1  | \x1b[31mbash: line 1: conan: command not found\x1b[0m\n"
GOOD = "[100%] Built target milvus\n" * 3


def diagnosed(
    *arguments: str, typed: bytes = b"", **files: str | bytes
) -> tuple[int, dict[str, Any], list[str]]:
    """Exit status, the JSON and the notes of a run in a folder with these files."""
    console = FakeConsole(typed=(typed,))
    system = fake_system(
        console=console,
        files=FakeFiles({f"/checkout/{name}": content for name, content in files.items()}),
        env={},
    )
    status = run(["diagnose", "--format", "json", *arguments], system)
    return status, json.loads("".join(console.results) or "{}"), console.notes


def test_a_known_failure_leaves_with_1_and_names_its_line() -> None:
    status, page, _ = diagnosed("log", log=GOOD + SAID)

    assert status == 1
    assert [(each["id"], each["line"], each["primary"], each["state"]) for each in page["findings"]] == [
        ("conan-not-found", 4, True, "suspected")
    ]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read_without_a_name_or_for_a_dash(arguments: tuple[str, ...]) -> None:
    status, page, _ = diagnosed(*arguments, typed=SAID.encode())

    assert (status, page["sources"]) == (1, ["-"])


def test_the_same_failure_in_several_logs_is_one_finding() -> None:
    status, page, _ = diagnosed("one", "two", "one", one=GOOD + SAID, two=SAID * 1000)

    (finding,) = page["findings"]
    assert (status, finding["count"], finding["source"], finding["line"]) == (1, 1001, "one", 4)
    assert page["sources"] == ["one", "two"]


@pytest.mark.parametrize("log", [b"", b"\n", GOOD.encode(), b"\0\xff\xfe" * 1000])
def test_a_log_that_names_nothing_leaves_with_0(log: bytes) -> None:
    status, page, _ = diagnosed("log", log=log)

    assert (status, page["findings"], page["unrecognised"], page["failed"]) == (0, [], [], False)


def test_an_archive_that_was_cut_off_is_diagnosed_as_far_as_it_goes() -> None:
    noise = "".join(f"{number * 7919}\n" for number in range(3000))
    archive = gzip.compress((SAID + noise).encode())

    status, page, notes = diagnosed("log", log=archive[:-2000])

    assert (status, page["findings"][0]["id"]) == (1, "conan-not-found")
    assert notes == ["`log` is a gzip file that was cut off; what stands before that is read"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("missing",), "there is no `/checkout/missing`"),
        (("-", "-"), "`-` can be given once"),
        (("zip",), "is a zip archive"),
        (("folder",), "is a folder"),
    ],
)
def test_what_cannot_be_read_is_bad_input_in_one_line(
    arguments: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, page, _ = diagnosed(*arguments, **{"zip": b"PK\x03\x04", "folder/file": ""})

    said = capsys.readouterr().err
    assert (status, page) == (2, {})
    assert why in said.splitlines()[0]
    assert "Traceback" not in said


def test_at_a_terminal_without_a_log_nothing_waits_for_typing(capsys: pytest.CaptureFixture[str]) -> None:
    system = fake_system(console=FakeConsole(awaits_typing=True), env={})

    assert run(["diagnose"], system) == 2
    assert "no log was given" in capsys.readouterr().err


def test_an_unknown_failure_is_shown_by_its_first_error() -> None:
    log = f"{GOOD}flurbl.c:3: error: cannot join 7 segments\nmake: *** [Makefile:3: all] Error 1\n"

    status, page, _ = diagnosed("log", log=log)

    assert (status, page["findings"], page["failed"]) == (0, [], True)
    assert [each["line"] for each in page["unrecognised"]] == [4]


def test_secrets_stay_out_of_the_excerpt() -> None:
    _, page, _ = diagnosed("log", log=f"TOKEN=ghp_{'a1' * 18} make\n{SAID}")

    assert "a1a1" not in json.dumps(page)
