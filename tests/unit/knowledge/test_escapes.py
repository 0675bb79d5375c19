"""Nothing in a log reaches the person's terminal raw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.cli import run
from devtool.knowledge.escapes import Stripper
from devtool.knowledge.lines import shown
from devtool.system import System
from tests.support import fake_system
from tests.support.console import FakeConsole

SAID = "bash: line 1: conan: command not found"
HOSTILE = {
    "colour": "\x1b[31m{}\x1b[0m",
    "title": "\x1b]0;owned\x07{}",
    "title ended by ST": "\x1b]2;owned\x1b\\{}",
    "hyperlink": "\x1b]8;;https://evil.example\x1b\\{}\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07{}",
    "device string": '\x1bP$q"p\x1b\\{}',
    "cursor": "\x1b[2J\x1b[1;1H{}\x1b[?1049h",
    "8-bit CSI": "\x9b31m{}\x9b0m",
    "8-bit OSC": "\x9d0;owned\x9c{}",
    "reset": "\x1bc{}\x1b(0",
    "backspaces": "{}xx\b\b",
    "bell and others": "\x07\x05\x0e\x0f{}\x7f\x00",
    "bidi": "\u202e\u2066{}\u2069\u200f",
    "unfinished": "{} \x1b[31",
    "unfinished title": "{} \x1b]0;owned",
    "bare": "{}\x1b",
}


def diagnosed(log: bytes) -> str:
    """The text that a person reads."""
    system: System = fake_system(console=FakeConsole(typed=(log,)), env={})
    run(["diagnose", "-"], system)
    assert isinstance(system.console, FakeConsole)
    return "\n".join(system.console.results)


@pytest.mark.parametrize("wrapped", HOSTILE.values(), ids=list(HOSTILE))
def test_no_sequence_reaches_the_text_and_none_hides_the_failure(wrapped: str) -> None:
    text = diagnosed(f"{wrapped.format('one')}\n{SAID}\n{wrapped.format('two')}\n".encode())

    assert all(each.isprintable() or each == "\n" for each in text)
    assert "conan-not-found" in text


@given(st.text(), st.binary())
def test_what_is_shown_of_a_line_is_printable_whatever_it_holds(text: str, noise: bytes) -> None:
    for line in (text, noise.decode("utf-8", "replace")):
        assert all(each.isprintable() or each == "\t" for each in shown(line))


@pytest.mark.parametrize("wrapped", HOSTILE.values(), ids=list(HOSTILE))
def test_a_stream_is_stripped_alike_wherever_it_is_cut(wrapped: str) -> None:
    data = wrapped.format("text").encode()
    whole = Stripper()
    expected = whole.feed(data) + whole.finish()

    for at in range(len(data) + 1):
        stripper = Stripper()
        assert stripper.feed(data[:at]) + stripper.feed(data[at:]) + stripper.finish() == expected
