"""How many jobs a build starts, and what earlier builds taught about it."""

from __future__ import annotations

import pytest

from devtool.model.build import Jobs
from devtool.model.host import GIB
from devtool.workflows.building.history import Record, recall, remember
from devtool.workflows.building.jobs import Room, decide, told_by, variables
from tests.support import fake_system


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (Room(8, 64 * GIB, "memory"), Jobs(8, "8 CPUs")),
        (Room(1, 64 * GIB, "memory"), Jobs(1, "1 CPU")),
        (Room(8, None), Jobs(8, "8 CPUs")),
        (Room(16, 8 * GIB, "it"), Jobs(4, "8 GiB of it, 2 GiB for each")),
        (Room(16, int(7.6 * GIB), "it"), Jobs(4, "7.6 GiB of it, 2 GiB for each")),
        (Room(8, GIB, "memory"), Jobs(1, "1 GiB of memory, 2 GiB for each")),
    ],
)  # fmt: skip
def test_as_many_as_processors_and_no_more_than_memory_carries(room: Room, expected: Jobs) -> None:
    assert decide(room, asked=None) == expected


def test_the_command_line_wins_over_the_environment_and_that_over_what_is_computed() -> None:
    room = Room(8, 64 * GIB, "memory")

    assert decide(room, asked=3, told=(5, "`jobs` of your environment")) == Jobs(3, "`--jobs`")
    assert decide(room, asked=None, told=(5, "it")) == Jobs(5, "it")


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ({"jobs": "6"}, (6, "`jobs` of your environment")),
        ({"MAKEFLAGS": "-k -j3"}, (3, "`MAKEFLAGS` of your environment")),
        ({"MAKEFLAGS": "-k"}, None),
        ({"jobs": "many"}, None),
        ({"jobs": "0"}, None),
        ({}, None),
    ],
)
def test_the_persons_own_number_is_read_where_the_project_reads_it(
    env: dict[str, str], found: tuple[int, str] | None
) -> None:
    assert told_by(env, ("jobs", "MAKEFLAGS=-j{}")) == found


def test_the_number_is_passed_as_the_project_wants_it() -> None:
    assert variables(("jobs", "MAKEFLAGS=-j{}"), 4) == {"jobs": "4", "MAKEFLAGS": "-j4"}


def test_after_memory_ran_out_fewer_jobs_are_started_and_it_is_said_why() -> None:
    record = Record().after_kill(8, 16 * GIB)

    jobs = decide(Room(8, 16 * GIB, "memory"), asked=None, record=record)

    assert jobs == Jobs(4, "an earlier build with 8 ran out of memory")


def test_what_went_through_is_kept_and_not_lowered_for_ever() -> None:
    record = Record().after_kill(8, 16 * GIB).after_success(4)

    jobs = decide(Room(8, 16 * GIB, "memory"), asked=None, record=record)

    assert jobs == Jobs(4, "an earlier build with 8 ran out of memory, one with this many did not")
    assert record.after_kill(8, 16 * GIB).most(16 * GIB) == 4
    assert record.after_kill(4, 16 * GIB).most(16 * GIB) == 2
    assert record.after_success(6).most(16 * GIB) == 6


def test_a_build_that_goes_through_with_as_many_as_were_too_many_clears_the_record() -> None:
    assert Record().after_kill(8, 16 * GIB).after_success(8) == Record(built=True)


def test_more_memory_than_then_makes_what_was_learned_void() -> None:
    record = Record().after_kill(8, 16 * GIB)

    assert record.most(32 * GIB) is None
    assert record.after_kill(12, 32 * GIB) == Record(12, None, 32 * GIB)


def test_a_record_is_kept_for_each_checkout_and_place() -> None:
    system, record = fake_system(), Record(8, 4, 16 * GIB, built=True)

    remember(system, "/checkout", "builder", record)
    remember(system, "/checkout", "local", Record(built=True))

    assert recall(system, "/checkout", "builder") == record
    assert recall(system, "/checkout", "local") == Record(built=True)
    assert recall(system, "/other/checkout", "builder") == Record()


@pytest.mark.parametrize("content", ["[]", "{", '{"local": {"killed": 2, "from": "later"}}', '{"local": 3}'])
def test_a_file_that_cannot_be_read_is_no_record(content: str) -> None:
    system = fake_system()
    remember(system, "/checkout", "local", Record(built=True))
    (path,) = (each for each in system.files.content if each.endswith(".json"))
    system.files.write(path, content.encode())

    assert recall(system, "/checkout", "local") == Record()
    remember(system, "/checkout", "local", Record(built=True))
    assert recall(system, "/checkout", "local") == Record(built=True)


def test_a_person_without_a_home_builds_without_a_record() -> None:
    system = fake_system(env={})

    remember(system, "/checkout", "local", Record(built=True))

    assert recall(system, "/checkout", "local") == Record()
