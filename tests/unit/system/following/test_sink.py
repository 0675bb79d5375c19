"""Our lines between those of the command, and outputs that take little at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtool.system.following.flow import Flow, pipe
from devtool.system.sink import Sink


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        os.close(descriptor)


@pytest.fixture
def sink(ends: tuple[int, int]) -> Iterator[Sink]:
    made = Sink(ends[1])
    yield made
    made.close()


def test_a_line_of_ours_stands_at_once_where_a_line_has_ended(sink: Sink, ends: tuple[int, int]) -> None:
    sink.put(b"one\n")
    sink.announce("ours")
    sink.put(b"two\n")

    assert os.read(ends[0], 100) == b"one\nours\ntwo\n"


def test_a_line_of_ours_waits_for_the_end_of_the_line(sink: Sink, ends: tuple[int, int]) -> None:
    sink.put(b"half")
    sink.announce("ours")
    sink.put(b" and")
    sink.put(b" half\nmore\nopen")

    assert os.read(ends[0], 100) == b"half and half\nmore\nours\nopen"


def test_what_waits_is_said_at_the_end_on_a_line_of_its_own(sink: Sink, ends: tuple[int, int]) -> None:
    sink.put(b"50%")
    sink.announce("ours")
    sink.finish()

    assert os.read(ends[0], 100) == b"50%\nours\n"


def test_without_a_word_of_ours_nothing_is_added(sink: Sink, ends: tuple[int, int]) -> None:
    sink.put(b"50%")
    sink.finish()

    assert os.read(ends[0], 100) == b"50%"


def test_a_line_of_ours_cannot_steer_the_terminal(sink: Sink, ends: tuple[int, int]) -> None:
    sink.announce("a\x1b[2Jb\x07")

    assert os.read(ends[0], 100).decode() == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}\n"


def test_what_is_not_taken_waits_and_comes_later_in_order(sink: Sink, ends: tuple[int, int]) -> None:
    content = os.urandom(300_000)

    sink.put(content)
    held = bool(sink.pending)
    sink.announce("ours")
    taken = b""
    while len(taken) < len(content):
        taken += os.read(ends[0], 65536)
        sink.flush()

    assert held
    assert taken == content


def test_our_own_description_leaves_the_shared_one_as_it_was(sink: Sink, ends: tuple[int, int]) -> None:
    assert os.get_blocking(ends[1])


def test_a_reader_that_has_gone_is_felt_by_the_writer() -> None:
    outer_reading, outer_writing = os.pipe()
    reading, writing = pipe()
    sink = Sink(outer_writing)
    flow = Flow(reading, sink)
    os.close(outer_reading)
    os.write(writing, b"word")

    flow.pump()

    assert sink.broken
    with pytest.raises(BrokenPipeError):
        os.write(writing, b"word")
    sink.close()
    for descriptor in (writing, outer_writing):
        os.close(descriptor)


def test_a_file_takes_all(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    sink = Sink(descriptor)

    sink.put(b"x" * 1_000_000)
    os.close(descriptor)

    assert (tmp_path / "out").stat().st_size == 1_000_000
