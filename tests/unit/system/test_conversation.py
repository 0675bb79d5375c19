"""All that a program prints, through the door for programs that stay."""

from __future__ import annotations

import os

import pytest

from devtool.errors import DevtoolError
from devtool.system.process import RealProcess


def pieces_of(script: str) -> bytes:
    talk = RealProcess({"PATH": os.environ["PATH"]}).converse(["sh", "-c", script])
    try:
        return b"".join(talk.pieces())
    finally:
        talk.close()


def test_what_a_program_prints_comes_as_it_is_however_much_it_complains() -> None:
    script = "printf 'a\\0\\377'; head -c 300000 /dev/zero >&2; head -c 200000 /dev/zero; echo end"

    output = pieces_of(script)

    assert output == b"a\0\xff" + bytes(200000) + b"end\n"


def test_a_program_that_waits_for_input_is_told_that_none_comes() -> None:
    assert pieces_of("cat; echo over") == b"over\n"


def test_a_program_that_fails_after_its_output_is_an_error_with_its_own_words() -> None:
    with pytest.raises(DevtoolError, match=r"`sh` exited with status 128: fatal: broken"):
        pieces_of("echo half; echo 'fatal: broken' >&2; exit 128")


def test_a_program_that_is_killed_is_an_error() -> None:
    with pytest.raises(DevtoolError, match="`sh` was ended by signal 9"):
        pieces_of("echo half; kill -9 $$")
