"""Which failure is the root, which merely followed, which was survived, and what nothing explains."""

from __future__ import annotations

import pytest

from devtool.knowledge.library import gather
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.ranking import failed, rank, unexplained
from tests.support.logs import entry, scan

CAUSE, CONSEQUENCE = "no certificate can be trusted", "the registry cannot be reached"
LAST = "nothing was fetched from there"
NOTED, RETRIED = "the cache cannot be written", "the mirror did not answer"
LIBRARY = gather(
    [
        entry("last", LAST, follows=["consequence", "cause"]),
        entry("noted", NOTED, severity="warning"),
        entry("consequence", CONSEQUENCE, follows=["cause"]),
        entry("cause", CAUSE),
        entry("retried", RETRIED, transient=True),
    ],
    (),
)
MATCHER = Matcher(LIBRARY)
ORDINARY = ["ordinary"] * 20


def ranked(*logs: list[str]) -> list[tuple[str, int, int, int, str | None]]:
    """What the logs name: each with its log, line and count, and what it follows from."""
    seen = [scan(MATCHER, "\n".join(log)) for log in logs]
    found = rank(LIBRARY.entries, seen)
    return [(each.entry.id, each.log, each.sighting.line, each.count, each.follows) for each in found]


def follows(*lines: str) -> list[tuple[str, str | None]]:
    return [(each[0], each[-1]) for each in ranked(list(lines))]


def errors(*logs: list[str]) -> list[tuple[int, int, str, int, int]]:
    """What nothing explains: log, line, text, how often it is said and how much is folded into it."""
    found = unexplained([scan(MATCHER, "\n".join(log)) for log in logs])
    return [(each.log, each.event.line, each.event.text, each.event.count, each.folded) for each in found]


@pytest.mark.parametrize(
    "lines",
    [
        [CAUSE, CONSEQUENCE],
        [CAUSE, *["ordinary"] * 500, CONSEQUENCE],
        [CONSEQUENCE, "", "Caused by:", f"  {CAUSE}"],
        [CONSEQUENCE, *["ordinary"] * 19, CAUSE],
    ],
    ids=["above", "far above", "right below", "as far below as chains reach"],
)
def test_a_cause_is_named_before_its_consequence(lines: list[str]) -> None:
    assert follows(*lines) == [("cause", None), ("consequence", "cause")]


@pytest.mark.parametrize("between", [20, 500])
def test_what_is_told_far_below_is_no_cause(between: int) -> None:
    assert follows(CONSEQUENCE, *["ordinary"] * between, CAUSE) == [("consequence", None), ("cause", None)]


def test_of_two_roots_the_first_is_named_first() -> None:
    assert ranked([*ORDINARY, RETRIED, CAUSE]) == [("retried", 0, 21, 1, None), ("cause", 0, 22, 1, None)]
    assert ranked([CAUSE, *ORDINARY, RETRIED]) == [("cause", 0, 1, 1, None), ("retried", 0, 22, 1, None)]


def test_of_two_causes_the_first_is_the_one_that_was_followed() -> None:
    assert follows(CAUSE, CONSEQUENCE, LAST) == [
        ("cause", None),
        ("consequence", "cause"),
        ("last", "cause"),
    ]
    assert follows(CONSEQUENCE, LAST) == [("consequence", None), ("last", "consequence")]


def test_a_warning_stands_behind_every_failure_wherever_it_is_said() -> None:
    assert [each[0] for each in ranked([NOTED, CAUSE, CONSEQUENCE])] == ["cause", "consequence", "noted"]


def test_a_failure_that_follows_from_one_that_was_not_seen_follows_from_nothing() -> None:
    assert follows(CONSEQUENCE) == [("consequence", None)]


def test_one_failure_is_one_finding_over_all_logs() -> None:
    found = ranked(["one", CAUSE], [CAUSE, "two", CAUSE], ["three"])

    assert found == [("cause", 0, 2, 3, None)]


def test_logs_are_read_in_the_order_they_are_named_in() -> None:
    assert ranked([*ORDINARY, CONSEQUENCE], [CAUSE]) == [
        ("consequence", 0, 21, 1, None),
        ("cause", 1, 1, 1, None),
    ]
    assert ranked([*ORDINARY, CAUSE], [CONSEQUENCE]) == [
        ("cause", 0, 21, 1, None),
        ("consequence", 1, 1, 1, "cause"),
    ]


@pytest.mark.parametrize(
    "after",
    [["ordinary"] * 5, [*["ordinary"] * 40, "error: gave up"], ["error: gave up", *["ordinary"] * 40]],
    ids=["the log ends", "it goes on to fail", "it fails at once"],
)
def test_what_tools_retry_counts_where_the_log_fails_of_it(after: list[str]) -> None:
    assert ranked([RETRIED, *after]) == [("retried", 0, 1, 1, None)]


@pytest.mark.parametrize("before", [[], ["error: another thing, before"]])
def test_what_tools_retry_does_not_count_where_the_log_goes_on_well(before: list[str]) -> None:
    assert ranked([*before, RETRIED, *["ordinary"] * 40]) == []


@pytest.mark.parametrize("end", ["Finished: SUCCESS", "Job succeeded", "BUILD SUCCESSFUL in 3s"])
def test_a_log_that_ends_well_names_no_failure(end: str) -> None:
    assert ranked([CAUSE, "error: once", *ORDINARY, end, "ordinary"]) == []


def test_a_success_before_the_failure_excuses_nothing() -> None:
    assert ranked(["BUILD SUCCESS", CAUSE]) == [("cause", 0, 2, 1, None)]
    assert ranked([CAUSE, "BUILD SUCCESS", "error: later"]) == [("cause", 0, 1, 1, None)]


def test_a_log_that_ends_well_leaves_the_others_as_they_are() -> None:
    assert ranked([CAUSE, "Job succeeded"], ["ordinary", CAUSE]) == [("cause", 1, 2, 1, None)]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([], False),
        (["ordinary"], False),
        (["a.c:3: error: no"], True),
        (["a.c:3: error: no", *["ordinary"] * 30], True),
        (["a.c:3: error: no", *["ordinary"] * 31], False),
        (["make: *** [Makefile:3: all] Error 1", *["ordinary"] * 500], True),
        (["make: *** [Makefile:3: all] Error 1", "Finished: SUCCESS"], False),
        (["Finished: SUCCESS", "a.c:3: error: no"], True),
    ],
)
def test_a_log_failed_where_an_error_ends_it_or_a_tool_gave_up(lines: list[str], wanted: bool) -> None:
    assert failed(scan(MATCHER, "\n".join(lines))) is wanted


def test_errors_right_below_another_are_folded_into_it() -> None:
    log = ["a.c:1: error: one", "a.c:2: error: two", *["ordinary"] * 19, "a.c:3: error: three"]

    assert errors(log) == [(0, 1, "a.c:1: error: one", 1, 2)]


def test_errors_far_from_each_other_are_shown_apart_up_to_three() -> None:
    log = [line for name in "abcde" for line in (f"error: no {name}", *["ordinary"] * 25)][:-5]

    assert errors(log) == [
        (0, 1, "error: no a", 1, 0),
        (0, 27, "error: no b", 1, 0),
        (0, 53, "error: no c", 1, 0),
    ]


def test_an_error_said_again_is_counted_and_not_shown_again() -> None:
    log = [f"src/{number}.c:{number}: error: no such type" for number in range(1, 6)]

    assert errors(log) == [(0, 1, "src/1.c:1: error: no such type", 5, 4)]


def test_of_a_traceback_the_line_is_shown_that_names_the_exception() -> None:
    log = [
        "Traceback (most recent call last):",
        '  File "a.py", line 3, in <module>',
        "ValueError: no such segment",
        "error: subprocess-exited-with-error",
    ]

    assert errors(log) == [(0, 3, "ValueError: no such segment", 1, 0)]


def test_what_only_passes_an_error_on_is_shown_where_nothing_else_is() -> None:
    cascade = "make: *** [Makefile:3: all] Error 1"

    assert errors(["ordinary", cascade]) == [(0, 2, cascade, 1, 0)]
    assert errors(["error: no such segment", *ORDINARY, cascade]) == [(0, 1, "error: no such segment", 1, 0)]


def test_only_logs_that_failed_have_errors_to_explain() -> None:
    assert errors(
        ["error: one", "Job succeeded"], ["error: two", *["ordinary"] * 40], ["x", "error: three"]
    ) == [(2, 2, "error: three", 1, 0)]
