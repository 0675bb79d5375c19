"""The engine's joined stream, taken apart however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.system.carrying.frames import Frames

PIECES = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=12)


def framed(pieces: list[tuple[int, bytes]]) -> bytes:
    return b"".join(bytes([number, 0, 0, 0]) + len(data).to_bytes(4, "big") + data for number, data in pieces)


def joined(pieces: list[tuple[int, bytes]], number: int) -> bytes:
    return b"".join(data for each, data in pieces if each == number)


@given(pieces=PIECES, cut=st.integers(min_value=1, max_value=17))
def test_every_cut_of_the_stream_gives_the_same_bytes_in_each_stream(
    pieces: list[tuple[int, bytes]], cut: int
) -> None:
    whole = framed(pieces)
    frames = Frames()

    found = [each for at in range(0, len(whole), cut) for each in frames.feed(whole[at : at + cut])]

    assert joined(found, 1) == joined(pieces, 1)
    assert joined(found, 2) == joined(pieces, 2)


def test_neighbours_of_one_stream_come_together_and_the_order_stays() -> None:
    pieces = [(1, b"a"), (1, b"b"), (2, b"c"), (1, b"d")]

    found = Frames().feed(framed(pieces))

    assert found == [(1, b"ab"), (2, b"c"), (1, b"d")]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_head_that_is_cut_off_gives_nothing(count: int) -> None:
    whole = framed([(1, b"abc")])

    assert Frames().feed(whole[:count]) == []
