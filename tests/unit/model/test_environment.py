"""Setting an environment twice, in two checkouts, and taking it back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from devtool.model.environment import (
    RECORD,
    Environment,
    Variable,
    applied,
    changes,
    prepended,
    taken_back,
    without_changes,
)

FOLDERS = st.lists(st.sampled_from(["/a", "/b", "/c d", "", "/e'f"]), max_size=5)
TEXTS = st.text(max_size=8)
PEOPLE = st.fixed_dictionaries(
    {}, optional={"PATH": FOLDERS.map(":".join), "CC": TEXTS, "L": FOLDERS.map(":".join), "OTHER": TEXTS}
)


def wanted(now: dict[str, str], root: str = "/r") -> Environment:
    """An environment as `equip` makes it: over what the person had before devtool."""
    before = without_changes(now)
    ours = (f"{root}/lib", "/b")
    return Environment(
        "p",
        root,
        (
            Variable(
                "PATH", prepended(("/shims",), before.get("PATH")), "x", None, before.get("PATH"), ("/shims",)
            ),
            Variable("L", prepended(ours, before.get("L")), "x", None, before.get("L"), ours),
            Variable("CC", "clang", "x", None, before.get("CC")),
        ),
    )


def after(now: dict[str, str], environment: Environment) -> dict[str, str]:
    return applied(now, changes(environment, now))


@given(PEOPLE)
def test_set_twice_is_set_once(person: dict[str, str]) -> None:
    once = after(person, wanted(person))

    assert after(once, wanted(once)) == once


@given(PEOPLE)
def test_taken_back_it_is_as_it_was(person: dict[str, str]) -> None:
    once = after(person, wanted(person))

    assert applied(once, taken_back(once)) == person


@given(PEOPLE)
def test_another_checkout_takes_the_place_of_the_first(person: dict[str, str]) -> None:
    there = after(person, wanted(person, "/first"))

    assert after(there, wanted(there, "/second")) == after(person, wanted(person, "/second"))


@given(PEOPLE)
def test_nothing_of_a_checkout_stays_where_the_next_one_sets_less(person: dict[str, str]) -> None:
    first = after(person, wanted(person))
    less = replace(wanted(first), variables=wanted(first).variables[:1])

    assert after(first, less) == after(person, replace(less, variables=wanted(person).variables[:1]))


def test_the_persons_folders_keep_their_order_and_ours_come_once() -> None:
    assert prepended(("/ours", "/b"), "/a:/b::/c:/ours") == "/ours:/b:/a::/c"
    assert prepended(("/ours",), None) == prepended(("/ours",), "") == "/ours"


def test_what_the_person_changed_since_is_theirs() -> None:
    once = after({"PATH": "/usr/bin", "CC": "gcc"}, wanted({"PATH": "/usr/bin", "CC": "gcc"}))
    changed = {**once, "PATH": f"/new:{once['PATH']}", "CC": "icc"}
    del changed["L"]

    assert applied(changed, taken_back(changed)) == {"PATH": "/new:/usr/bin", "CC": "icc"}


def test_what_macos_hides_from_protected_programs_is_not_taken_for_unset() -> None:
    before = {"DYLD_LIBRARY_PATH": "/mine"}
    own = Variable("DYLD_LIBRARY_PATH", "/ours:/mine", "x", None, "/mine", ("/ours",))
    once = after(before, Environment("p", "/r", (own,)))

    assert without_changes({RECORD: once[RECORD]}) == before


def test_a_record_that_nobody_of_us_wrote_changes_nothing() -> None:
    for record in (
        "",
        "x",
        "[]",
        '{"a b":{"before":"1"}}',
        '{"CC":3}',
        '{"$(x)":{"value":"1","before":"2"}}',
    ):
        assert without_changes({RECORD: record, "CC": "gcc"}) == {"CC": "gcc"}
