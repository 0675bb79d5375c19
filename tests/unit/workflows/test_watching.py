"""Failures told while output scrolls by."""

from __future__ import annotations

from devtool.knowledge.failure import Pattern
from devtool.knowledge.library import Entry, Library
from devtool.workflows.watching import Announcement, Watcher, watcher
from tests.support import FakeFiles, fake_system

CONAN = b"scripts/3rdparty_build.sh: line 94: conan: command not found\n"


def ids(found: list[Announcement]) -> list[tuple[str, int]]:
    return [(each.id, each.line) for each in found]


def test_a_fatal_failure_is_told_once_with_its_line() -> None:
    watched = watcher(fake_system(files=FakeFiles()))

    assert ids(watched.feed(b"building\n" * 3)) == []
    assert ids(watched.feed(CONAN)) == [("conan-not-found", 4)]
    assert ids(watched.feed(CONAN)) == []


def test_a_line_is_judged_when_it_is_whole() -> None:
    watched = watcher(fake_system(files=FakeFiles()))

    assert ids(watched.feed(CONAN[:30])) == []
    assert ids(watched.feed(CONAN[30:-1])) == []
    assert ids(watched.feed(b"\n")) == [("conan-not-found", 1)]


def test_what_tools_retry_themselves_is_not_told() -> None:
    watched = watcher(fake_system(files=FakeFiles()))

    assert (
        ids(
            watched.feed(b"warning: spurious network error (3 tries remaining): [6] Could not resolve host\n")
        )
        == []
    )


def test_a_pattern_that_a_later_line_can_take_back_is_not_told() -> None:
    pattern = Pattern("the widget is broken", without=("but it does not matter",))
    watched = Watcher(Library((Entry("widget", "failure", (pattern,), (), False),)))

    assert watched.feed(b"the widget is broken\n") == []
