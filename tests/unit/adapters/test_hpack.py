"""Header blocks, by the examples of RFC 7541, appendix C."""

from __future__ import annotations

import pytest

from devtool.adapters.hpack import HeaderReader


def test_literals_and_indexed_fields_are_read() -> None:
    block = bytes.fromhex("400a637573746f6d2d6b65790d637573746f6d2d686561646572" + "88")

    assert HeaderReader().read(block) == [("custom-key", "custom-header"), (":status", "200")]


def test_coded_strings_are_expanded_and_later_blocks_refer_to_earlier_ones() -> None:
    reader = HeaderReader()
    first = reader.read(bytes.fromhex("408825a849e95ba97d7f8925a849e95bb8e8b4bf"))

    assert first == [("custom-key", "custom-value")]
    assert reader.read(b"\xbe") == first


@pytest.mark.parametrize(
    "block", [b"\x40", b"\x7f\xff\xff\xff\xff\xff", b"\xff\x80\x80\x80\x80\x80", b"\xff\x20"]
)
def test_what_is_broken_ends_the_reading(block: bytes) -> None:
    assert HeaderReader().read(b"\x88" + block) == [(":status", "200")]
