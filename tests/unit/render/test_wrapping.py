from __future__ import annotations

from devtool.render.wrapping import wrapped


def test_a_command_is_never_broken_because_half_of_one_cannot_be_pasted() -> None:
    lines = wrapped("first run `git config --global --edit` and look", 24, "  ", "    ")

    assert lines == ["  first run", "    `git config --global --edit`", "    and look"]


def test_prose_and_a_lone_backtick_break_where_they_may() -> None:
    assert wrapped("one two ` three", 9) == ["one two `", "three"]
