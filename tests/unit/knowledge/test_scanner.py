"""A log is read once, in pieces of any size, and every line keeps its number."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import gather
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.scanner import Scanner
from devtool.knowledge.seen import Seen
from tests.support.logs import cut, entry, matcher, scan

MESSAGE = "frobnicate: cannot join the segments of 'alpha' at all"
KNOWN = matcher("frobnicate: cannot join the segments of '<name>' at all")
BLANKS = [at for at, character in enumerate(MESSAGE) if character == " "]
COLOURS = [
    "\x1b[31m",
    "\x1b[0m",
    "\x1b[01;31m\x1b[K",
    "\x1b[38;5;196m",
    "\x1b[m",
    "\x1b]8;;https://x.y/z\x07",
    "\x1b(B",
]
PREFIXES = [
    "2026-01-02T03:04:05.6789012Z ",
    "\ufeff2026-01-02T03:04:05.6789012Z ",
    "build\tRun make\t2026-01-02T03:04:05.6789012Z ",
    "[2026-01-02T03:04:05.678Z] ",
    "03:04:05  ",
    "[03:04:05] ",
    "builder-1  | ",
    "milvus-builder-1  | 2026-01-02T03:04:05.678Z ",
    "[gw3] ",
    "#12 3.456 ",
    "[ 12%] ",
    "[7/1234] ",
    "##[error]",
    "::error file=a.c,line=3::",
    "E   ",
    "> ",
    "2026/01/02 03:04:05 [ 12%] ",
    "make[2]: ",
    "\t",
]  # fmt: skip
ORDINARY = st.sampled_from(
    ["", "[ 3%] Building CXX object a.o", "ok", "10%\r20%\r30%", "é \u2018x\u2019", "\x1b[32mgreen\x1b[0m"]
)


def sighting(seen: Seen) -> tuple[int, int]:
    """Line and count of the one failure."""
    assert list(seen.sightings) == ["known"]
    return seen.sightings["known"].line, seen.sightings["known"].count


@given(
    before=st.lists(ORDINARY, max_size=5),
    between=st.lists(ORDINARY, max_size=5),
    ends=st.sampled_from(["\n", "\r\n"]),
    places=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_cuts_change_neither_number_nor_count_nor_excerpt(
    before: list[str], between: list[str], ends: str, places: list[int]
) -> None:
    log = ends.join([*before, MESSAGE, *between, f"\x1b[1m{MESSAGE}\x1b[0m", "end"]).encode()

    seen = scan(KNOWN, log, cut(log, places))

    assert sighting(seen) == (len(before) + 1, 2)
    assert seen.lines == len(before) + len(between) + 3
    assert seen == scan(KNOWN, log)


def test_a_log_fed_byte_by_byte_says_the_same() -> None:
    log = f"\x1b]0;title\x07one\n\x1b[31merror: x\x1b[0m\n{MESSAGE}\x1b]8;;http://a\x1b\\b\n".encode()

    assert scan(KNOWN, log, [1] * len(log)) == scan(KNOWN, log)


@pytest.mark.parametrize("size", [1, 7, 4096, 65536, 1 << 20, 1 << 24])
def test_numbers_are_those_of_a_naive_reading_in_logs_larger_than_a_block(size: int) -> None:
    draw = random.Random(size)
    lines = [MESSAGE if draw.random() < 0.001 else "x" * draw.randrange(160) for _ in range(40_000)]
    log = "\n".join(lines).encode()
    naive = [number for number, line in enumerate(lines, 1) if line == MESSAGE]
    pieces = (
        [log[at : at + size] for at in range(0, len(log), size)] if size > 1 else [log[:3000], log[3000:]]
    )
    scanner = Scanner(KNOWN)

    for piece in pieces:
        scanner.feed(piece)
    seen = scanner.finish()

    assert sighting(seen) == (naive[0], len(naive))
    assert seen.sightings["known"].last_line == naive[-1]
    assert seen.lines == len(lines)
    first = seen.sightings["known"]
    assert list(first.excerpt) == lines[first.first_line - 1 : first.first_line - 1 + len(first.excerpt)]


def test_settling_after_every_piece_keeps_number_and_count() -> None:
    lines = [MESSAGE if number % 50 == 0 else "ordinary" for number in range(1, 20_001)]
    scanner = Scanner(KNOWN)

    for line in lines:
        scanner.feed(line.encode() + b"\n")
        scanner.settle()
    seen = scanner.finish()

    assert sighting(seen) == (50, 400)


@pytest.mark.parametrize("at", BLANKS)
@pytest.mark.parametrize("prefix", ["", "    ", "builder-1  | ", "2026-01-02T03:04:05.6789012Z "])
def test_a_message_wrapped_at_any_blank_is_found_once_where_it_begins(at: int, prefix: str) -> None:
    log = f"one\n{prefix}{MESSAGE[:at]}\n{prefix}{MESSAGE[at + 1 :]}\ntwo\n"

    assert sighting(scan(KNOWN, log)) == (2, 1)


@pytest.mark.parametrize(("first", "second"), [(11, 39), (18, 23), (23, 36), (39, 47)])
def test_a_message_wrapped_over_three_lines_is_found_once_where_it_begins(first: int, second: int) -> None:
    log = f"one\n{MESSAGE[:first]}\n{MESSAGE[first + 1 : second]}\n{MESSAGE[second + 1 :]}\ntwo\n"

    assert sighting(scan(KNOWN, log)) == (2, 1)


def test_wrapped_messages_one_after_the_other_are_each_counted_once() -> None:
    log = MESSAGE.replace(" ", "\n", 1) + "\n"

    assert sighting(scan(KNOWN, log * 30)) == (1, 30)


@pytest.mark.parametrize("text", ["segfault in the allocator", "unable to open database file"])
def test_short_messages_may_wrap_as_well(text: str) -> None:
    for at in [at for at, character in enumerate(text) if character == " "]:
        seen = scan(matcher(text), f"x\n{text[:at]}\n{text[at + 1 :]}\n")

        assert sighting(seen) == (2, 1), text[:at]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("start", [False, True])
def test_a_message_is_found_behind_what_tools_put_before_it(prefix: str, start: bool) -> None:
    known = matcher(Pattern("frobnicate: cannot join the segments", start=start))

    assert sighting(scan(known, f"one\n{prefix}{MESSAGE}\n")) == (2, 1)


@given(st.lists(st.tuples(st.integers(0, len(MESSAGE)), st.sampled_from(COLOURS)), max_size=6))
def test_colours_anywhere_in_a_message_hide_nothing(places: list[tuple[int, str]]) -> None:
    said = MESSAGE
    for at, colour in sorted(places, reverse=True):
        said = said[:at] + colour + said[at:]

    assert sighting(scan(KNOWN, f"one\n{said}\n")) == (2, 1)


def test_progress_by_carriage_return_is_one_line_of_many_states() -> None:
    log = f"a\nb\n10%\r20%\r{MESSAGE}\r100%\r\nc\nd\n"

    seen = scan(KNOWN, log)

    known = seen.sightings["known"]
    assert sighting(seen) == (3, 1)
    assert (known.first_line, list(known.excerpt)) == (1, ["a", "b", MESSAGE, "c", "d"])


def test_the_excerpt_shows_of_progress_around_it_the_last_state() -> None:
    seen = scan(KNOWN, f"10%\r50%\r100%\r\n{MESSAGE}\r\n1/2\r2/2\n")

    assert list(seen.sightings["known"].excerpt) == ["100%", MESSAGE, "2/2"]


def test_a_log_of_carriage_returns_alone_is_read() -> None:
    log = "\r".join(["failed"] * 5000 + [MESSAGE])

    assert sighting(scan(KNOWN, log)) == (1, 1)


@pytest.mark.parametrize("where", ["beginning", "middle", "end"])
def test_a_line_of_10_megabytes_is_read_whole_and_shown_around_what_was_found(where: str) -> None:
    noise = "cannot join x " * 360_000
    log = {
        "beginning": f"{MESSAGE} {noise}{noise}",
        "middle": f"{noise}{MESSAGE} {noise}",
        "end": f"{noise}{noise}{MESSAGE}",
    }

    seen = scan(KNOWN, f"one\n{log[where]}\nthree", [65536] * 20)

    known = seen.sightings["known"]
    assert sighting(seen) == (2, 1)
    assert seen.lines == 3
    assert MESSAGE in known.excerpt[2 - known.first_line][:400]
    assert all(len(line) <= 2001 for line in known.excerpt)


def test_the_middle_of_a_long_line_is_not_the_beginning_of_a_message() -> None:
    known = matcher(Pattern("frobnicate: cannot join", start=True))

    assert not scan(known, "y " * 5000 + MESSAGE + " z" * 5000).sightings


def test_a_log_without_an_end_of_line_is_one_line() -> None:
    assert scan(KNOWN, MESSAGE).lines == 1
    assert sighting(scan(KNOWN, MESSAGE)) == (1, 1)


@pytest.mark.parametrize(
    ("log", "lines"), [(b"", 0), (b"\n", 1), (b"\n\n", 2), (b"a", 1), (b"\0" * 100, 1), (b"\x1b", 1)]
)
def test_a_log_that_says_nothing_names_nothing(log: bytes, lines: int) -> None:
    seen = scan(KNOWN, log)

    assert (seen.sightings, seen.events) == ({}, [])
    assert seen.lines in (lines, 0)


def test_zero_bytes_around_a_message_hide_nothing() -> None:
    assert sighting(scan(KNOWN, b"\0\0\n" + MESSAGE.encode() + b"\0\0\n")) == (2, 1)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_read(noise: bytes) -> None:
    seen = scan(KNOWN, noise + b"\n" + MESSAGE.encode() + b"\n" + noise)

    assert seen.sightings["known"].line >= noise.count(b"\n") + 1 or "known" in seen.sightings


@pytest.mark.parametrize("quotes", ["''", "\u2018\u2019", "``", "\xe2\x80\x98|", "\ufffd\ufffd"])
def test_quotes_may_be_typographic_or_spoiled(quotes: str) -> None:
    opening, closing = ("\xe2\u20ac\u02dc", "\xe2\u20ac\u2122") if "|" in quotes else quotes

    said = MESSAGE.replace("'alpha'", f"{opening}alpha{closing}")

    assert sighting(scan(KNOWN, f"one\n{said}\n")) == (2, 1)


def test_broken_utf_8_around_a_message_hides_nothing() -> None:
    log = (
        b"\xff\xfe\x80"
        + b"one\n\xe2\x80 "
        + MESSAGE.replace("'alpha'", "'\udcff'").encode("utf-8", "surrogateescape")
    )

    assert sighting(scan(KNOWN, log)) == (2, 1)


def test_a_failure_said_200_000_times_is_counted_exactly() -> None:
    line = f"2026-01-02T03:04:05.6789012Z \x1b[31m{MESSAGE}\x1b[0m\n"

    assert sighting(scan(KNOWN, "one\n" + line * 200_000)) == (2, 200_000)


def test_a_million_hits_on_one_line_are_one_line() -> None:
    known = matcher("cannot join")

    assert sighting(scan(known, "cannot join " * 1_000_000)) == (1, 1)


def test_memory_does_not_grow_with_the_log() -> None:
    piece = ("[ 12%] ordinary\n" * 80_000 + f"{MESSAGE}\nerror: number\n" * 20).encode()
    peaks = []

    for times in (4, 16):
        tracemalloc.start()
        scanner = Scanner(KNOWN)
        for _ in range(times):
            scanner.feed(piece)
        scanner.finish()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.2 * peaks[0]


def test_texts_that_must_stand_near_count_within_their_lines_only() -> None:
    known = matcher(Pattern("cannot join the segments", near=("<name> is full",), lines=2))
    filler = "ordinary\n"

    assert scan(known, f"disk is full\n{filler}{MESSAGE}\n").sightings
    assert scan(known, f"{MESSAGE}\n{filler}disk is full\n").sightings
    assert not scan(known, f"disk is full\n{filler * 2}{MESSAGE}\n{filler * 2}disk is full\n").sightings
    assert not scan(known, f"is full\n{MESSAGE}\n").sightings


def test_texts_that_must_not_stand_near_take_the_failure_back() -> None:
    known = matcher(Pattern("cannot join the segments", without=("retrying in <n>",), lines=1))

    assert not scan(known, f"{MESSAGE}, retrying in 3\n").sightings
    assert not scan(known, f"{MESSAGE}\nretrying in 3\n").sightings
    assert scan(known, f"{MESSAGE}\n\nretrying in 3\n").sightings


@pytest.mark.parametrize("lines", [1, 40])
def test_what_stands_near_is_seen_across_the_ends_of_blocks(lines: int) -> None:
    known = matcher(Pattern("cannot join the segments", near=("is full",), lines=lines))
    wide = "w" * 990 + "\n"

    for filler in ((1 << 20) - 100, (1 << 20) - 60_000, (1 << 20) - 49_152):
        log = "x" * filler + "\nis full\n" + wide * (lines - 1) + MESSAGE + "\n" + wide * 3000

        assert sighting(scan(known, log)) == (2 + lines, 1)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 3_000_000), max_size=5), st.integers(0, 1000))
def test_a_sequence_cut_anywhere_is_taken_out_whole(places: list[int], seed: int) -> None:
    draw = random.Random(seed)
    parts = [
        "\x1b[1;31m",
        "\x1b]0;" + "t" * 300 + "\x07",
        "\x1bPq" + "s" * 500 + "\x1b\\",
        "text\n",
        MESSAGE + "\n",
        "\x1b[K",
    ]
    log = "".join(draw.choices(parts, k=200)).encode()

    assert scan(KNOWN, log, cut(log, places)) == scan(KNOWN, log)


def test_first_sightings_are_told_at_once() -> None:
    told: list[str] = []
    scanner = Scanner(
        Matcher(gather([entry("known", "cannot join the segments")], ())), lambda each: told.append(each.id)
    )

    scanner.feed(f"{MESSAGE}\n".encode())
    scanner.settle()

    assert told == ["known"]
