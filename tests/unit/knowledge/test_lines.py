"""What tools wrap around a message is taken away, and what merely quotes one is told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.knowledge.lines import SHOWN_LENGTH, plain, quotes, shown

MESSAGE = "g++: fatal error: no input files"
PREFIXES = {
    "a byte order mark": "\ufeff",
    "gh run view": "build\tRun make\t2026-01-02T03:04:05.6789012Z ",
    "gh run view with a mark": "build\tRun make\t\ufeff2026-01-02T03:04:05.6789012Z ",
    "GitHub's time": "2026-01-02T03:04:05.6789012Z ",
    "Jenkins' time": "[2026-01-02T03:04:05.678Z] ",
    "Go's time": "2026/01/02 03:04:05 ",
    "a time with its zone": "2026-01-02 03:04:05,678 +0100 ",
    "a time with a zone of two parts": "2026-01-02T03:04:05+05:30 ",
    "the hour alone": "03:04:05 ",
    "the hour in brackets": "[03:04:05.123456] ",
    "docker compose": "builder-1  | ",
    "docker compose's time": "milvus-etcd-1  | 2026-01-02T03:04:05Z ",
    "BuildKit": "#12 ",
    "BuildKit's seconds": "#12 3.456 ",
    "pytest-xdist": "[gw3] ",
    "pytest-xdist's progress": "[gw3] [ 12%] ",
    "make by CMake": "[  3%] ",
    "ninja": "[17/1234] ",
    "an annotation of GitHub's": "##[error]",
    "a command of GitHub's": "::error::",
    "a command of GitHub's with its place": "::warning file=a.c,line=3,col=1::",
    "pytest": "E   ",
    "npm": "npm ERR! ",
    "npm of today": "npm error ",
    "a quotation": "> > ",
    "pip's tree": "| ",
    "pip's tree in Unicode": "\u2502 ",
    "pip's failure": "\xd7 ",
    "pip's way to the cause": "\u2570\u2500> ",
    "several": "2026-01-02T03:04:05Z builder-1  | #12 3.4 [ 12%] [7/9] ",
}
KEPT = (
    "12:34 is no time of a log",
    "[note] stays",
    "[gw] stays",
    "[100] stays",
    "#include <memory>",
    "Error: E is a letter",
    "a|b",
    "2026-01-02 is a date",
    "1234 | a number is no container",
    "npm warn old",
)
QUOTING = (
    "0a1b2c3 fix what says it: {}",
    "* 0a1b2c3d4e fix what says it: {}",
    "HEAD is now at 0a1b2c3 {}",
    "+ echo {}",
    "+{}",
    "  42 | {}",
    "** {}",
    "echo {}",
    '@echo "{}"',
    "printf '{}'",
    "docs/FAQ.md:12: {}",
    "docs/FAQ.rst-{}",
    "fix(conan): {}",
    "docs: {}",
    "feat!: {}",
    "# {}",
    "### {}",
    "// {}",
    "$ echo {}",
    "% grep '{}' build.log",
    "$ git log --grep '{}'",
    "an answer says `{}` and more",
    "    echo {}",
)
SAYING = (
    "{}",
    "  {}",
    "make[2]: {}",
    "bash: line 3: {}",
    "CMakeLists.txt:3: {}",
    "src/a.cpp:3:7: {}",
    "12 {}",
    "-> {}",
    "deadbeef: {}",
    "'{}'",
    '"{}"',
    "fixed: {}",
)


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=list(PREFIXES))
@pytest.mark.parametrize("indent", ["", "  ", "\t"])
def test_what_tools_put_before_a_message_is_taken_away(prefix: str, indent: str) -> None:
    assert plain(f"{indent}{prefix}{MESSAGE}\r\n".encode()) == MESSAGE


@pytest.mark.parametrize("line", KEPT)
def test_what_only_resembles_a_prefix_stays(line: str) -> None:
    assert plain(line.encode()) == line


def test_only_a_message_without_a_prefix_keeps_its_indent() -> None:
    assert plain(b"    raise ValueError\n") == "    raise ValueError"
    assert plain(b"builder-1  |     raise ValueError\n") == "    raise ValueError"


@pytest.mark.parametrize("prefix", ["2026-01-02T03:04:05Z", "builder-1  |", "#12 3.456 "])
def test_a_prefix_alone_is_an_empty_line(prefix: str) -> None:
    assert plain(f"{prefix}\n".encode()).strip() == ""


def test_no_number_of_prefixes_costs_more_than_a_few_steps() -> None:
    assert plain(b"[gw1] " * 7 + b"end") == "[gw1] end"


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("\u2018a\u2019 \u201ab\u201b \xb4c\xb4", "'a' 'b' 'c'"),
        ("\u201ca\u201d \u201eb\u201c", '"a" "b"'),
        ("a\xa0b", "a b"),
        ("\xe2\u20ac\u02dca\xe2\u20ac\u2122", "'a'"),
        ("\xe2\u20ac\u0153a\xe2\u20ac\ufffd", '"a"'),
        ("`a'", "`a'"),
        ("\u672a\u627e\u5230\u547d\u4ee4", "\u672a\u627e\u5230\u547d\u4ee4"),
    ],
    ids=["single", "double", "blank", "single spoiled", "double spoiled", "a backtick", "other scripts"],
)
def test_quotes_are_written_one_way_however_they_came(raw: str, meant: str) -> None:
    assert plain(raw.encode()) == meant


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (b"\x1b[1;31merror:\x1b[0m no", "error: no"),
        (b"\x1b]8;;file:///a.c\x07a.c\x1b]8;;\x07:3", "a.c:3"),
        (b"\x1b]0;title\x1b\\no", "no"),
        (b"\x1b(Bno\x1b[K", "no"),
        (b"\x1bPq#0\x1b\\no", "no"),
        (b"\x1b[31m[ 12%] \x1b[0mno", "no"),
        (b"broken \xff byte", "broken \ufffd byte"),
    ],
)
def test_escape_sequences_are_no_part_of_a_message(raw: bytes, meant: str) -> None:
    assert plain(raw) == meant


@pytest.mark.parametrize("form", QUOTING)
def test_a_line_that_quotes_a_message_does_not_say_it(form: str) -> None:
    line = form.format(MESSAGE)

    assert quotes(line, line.index(MESSAGE))


@pytest.mark.parametrize("form", SAYING)
def test_a_line_that_says_a_message_does_not_quote_it(form: str) -> None:
    line = form.format(MESSAGE)

    assert not quotes(line, line.index(MESSAGE))


@pytest.mark.parametrize(
    ("line", "start"), [("# conan", 0), ("fix: conan", 0), ("docs/a.md:1: x", 0), ("0a1b2c3 fix", 0)]
)
def test_what_introduces_a_quotation_is_not_quoted_itself(line: str, start: int) -> None:
    assert not quotes(line, start)


@given(st.binary(max_size=400))
def test_any_bytes_become_one_line_that_reads_the_same_again(raw: bytes) -> None:
    line = plain(raw.replace(b"\n", b""))

    assert "\n" not in line
    assert "\x1b" not in line
    assert shown(shown(line)) == shown(line)


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("a\tb  \r", "a\tb"),
        (" \x00", ""),
        ("\x07a\x08\x00b\x7f", "ab"),
        ("\u202ea\u2066b\u200f", "ab"),
        ("\x9b31ma", "31ma"),
        ("caf\xe9 \u4e2d", "caf\xe9 \u4e2d"),
        ("x" * SHOWN_LENGTH, "x" * SHOWN_LENGTH),
        ("x" * (SHOWN_LENGTH + 1), "x" * SHOWN_LENGTH + "\u2026"),
        ("", ""),
    ],
)
def test_an_excerpt_shows_what_is_printable_up_to_its_length(line: str, seen: str) -> None:
    assert shown(line) == seen
