"""What a log is wrapped in and written in, however its bytes come."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.errors import InputError
from devtool.knowledge.decoding import Decoder
from tests.support.logs import cut

TEXT = "make: *** [Makefile:1: all] Fehler 1 \u2018é\u2019\n" * 40
ARCHIVES = (b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
CUTS = st.lists(st.integers(0, 10_000), max_size=6)


def decoded(data: bytes, places: list[int] | None = None) -> tuple[bytes, str | None]:
    """What is read of the log that is cut at these places, and what is wrong with it."""
    decoder = Decoder("build.log")
    pieces = []
    for size in [*cut(data, places or []), len(data)]:
        pieces += decoder.feed(data[:size])
        data = data[size:]
    return b"".join([*pieces, *decoder.finish()]), decoder.damage


@given(CUTS)
@pytest.mark.parametrize(
    "encoded",
    [
        TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        gzip.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("utf-16")),
        gzip.compress(TEXT[:100].encode()) + gzip.compress(TEXT[100:].encode()) + b"\0" * 300,
    ],
    ids=["utf-8", "utf-16", "be-mark", "le", "be", "gzip", "gzip of utf-16", "two members and padding"],
)
def test_a_log_is_read_whatever_it_is_written_in_and_however_it_comes(
    encoded: bytes, places: list[int]
) -> None:
    assert decoded(encoded, places) == (TEXT.encode(), None)


@given(st.binary(max_size=2000).filter(lambda data: not data.startswith(ARCHIVES)), CUTS)
def test_bytes_that_are_no_text_are_read_alike_however_they_come(data: bytes, places: list[int]) -> None:
    assert decoded(data, places) == decoded(data)


@pytest.mark.parametrize("left", [30, 60, 90])
def test_of_an_archive_that_was_cut_off_what_is_there_is_read(left: int) -> None:
    archive = gzip.compress("".join(f"line {number * 7919}\n" for number in range(5000)).encode())

    read, damage = decoded(archive[: len(archive) * left // 100])

    assert read.startswith(b"line 0\nline 7919\n")
    assert damage == "`build.log` is a gzip file that was cut off"


def test_of_a_damaged_archive_what_stands_before_the_damage_is_read() -> None:
    whole = gzip.compress(TEXT.encode())

    read, damage = decoded(whole + b"\x1f\x8b\x08\x00" + b"\xff" * 40)

    assert read == TEXT.encode()
    assert damage is not None
    assert damage.startswith("`build.log` is a damaged gzip file: ")


@pytest.mark.parametrize("archive", [b"\x1f\x8b", b"\x1f\x8b\x08", b"\x1f\x8b" + b"\xff" * 600])
def test_an_archive_of_which_nothing_can_be_read_is_refused(archive: bytes) -> None:
    with pytest.raises(InputError, match="gzip file"):
        decoded(archive)


@pytest.mark.parametrize(
    ("beginning", "cure"),
    [
        (b"PK\x03\x04", "unzip -p"),
        (b"\xfd7zXZ\x00", "xz -dc"),
        (b"BZh9", "bzip2 -dc"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ],
)
def test_of_other_archives_it_is_said_how_to_unpack_them(beginning: bytes, cure: str) -> None:
    with pytest.raises(InputError, match="is not read") as refused:
        decoded(beginning + b"x" * 1000)

    assert cure in (refused.value.hint or "")


def test_an_empty_log_is_empty() -> None:
    assert decoded(b"") == (b"", None)


def test_a_bomb_is_unpacked_in_pieces() -> None:
    pieces = Decoder("bomb").feed(gzip.compress(b"\0" * (64 << 20)))

    assert max(map(len, pieces)) <= 2 << 20
