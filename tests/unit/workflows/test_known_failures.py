"""What matching needs of the knowledge is kept between runs, for as long as it is the same."""

from __future__ import annotations

from devtool.knowledge.library import Entry, failure_ids, own_failures
from devtool.workflows.known_failures import own_entries
from tests.support import fake_system
from tests.support.files import FakeFiles

ENV = {"HOME": "/home/dev"}


def test_the_kept_entries_are_those_of_the_files() -> None:
    system = fake_system(files=FakeFiles(folders=("/home/dev",)), env=ENV)

    first = own_entries(system)
    again = own_entries(system)

    assert first == again == tuple(map(Entry.of, own_failures()))
    assert [each.id for each in again] == list(failure_ids())


def test_without_a_home_everything_is_read_anew() -> None:
    assert len(own_entries(fake_system(env={}))) == len(failure_ids())
