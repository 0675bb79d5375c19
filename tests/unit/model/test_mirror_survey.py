"""Which mirror is worth changing to."""

from __future__ import annotations

import pytest

from devtool.model.mirror_survey import Asked, Comparison, clearly_faster, compare
from devtool.model.mirrors import Mirror


def asked(source: str, seconds: float | None, present: bool = False) -> Asked:
    return Asked(
        Mirror("pypi", f"https://{source}.example", source), seconds, "" if seconds else "404", present
    )


def told(*candidates: Asked, **more: object) -> tuple[str | None, str, bool]:
    made = compare("pypi", candidates, **more)
    return made.chosen and made.chosen.mirror.source, made.verdict, made.trouble


@pytest.mark.parametrize(
    ("seconds", "present", "worth_it"),
    [
        (0.1, 0.2, True),
        (0.1, 0.15, True),
        (0.101, 0.15, False),
        (0.01, 0.05, False),
        (0.01, 0.06, True),
        (1.0, 1.4, False),
        (1.0, 1.5, True),
        (0.2, 0.1, False),
    ],
)
def test_clearly_faster_is_half_as_fast_again_and_fifty_milliseconds(
    seconds: float, present: float, worth_it: bool
) -> None:
    assert clearly_faster(seconds, present) is worth_it


def test_what_holds_stays_unless_another_is_clearly_faster() -> None:
    now = asked("now", 0.2, present=True)

    assert told(now, asked("a", 0.19)) == (None, "the present one stays: none is clearly faster", False)
    assert told(now, asked("a", 0.3)) == (None, "the present one is the fastest", False)
    assert told(asked("a", 0.12), now, asked("b", 0.1)) == ("b", "https://b.example is clearly faster", False)


def test_what_does_not_answer_rightly_gives_way_to_what_does() -> None:
    silent = asked("now", None, present=True)

    verdict = "the present one does not answer rightly; the fastest is https://a.example"
    assert told(silent, asked("a", 4.0)) == ("a", verdict, False)
    assert told(silent, asked("a", None)) == (None, "none answers rightly: check the network", True)


def test_a_kind_whose_present_mirror_nobody_knows_changes_only_when_it_is_named() -> None:
    unknown = "unknown what holds now, so nothing changes; `--only pypi` takes the fastest"

    assert told(asked("a", 0.1)) == (None, unknown, False)
    assert told(asked("a", 0.1), named=True) == ("a", "the fastest is https://a.example", False)


def test_what_a_person_decided_elsewhere_stays_however_slow() -> None:
    held = "`PIP_INDEX_URL` decides"

    assert told(asked("now", 3.0, present=True), asked("a", 0.1), held=held) == (None, held, False)
    assert told(asked("now", None, present=True), asked("a", 0.1), held=held) == (None, held, True)


def test_a_kind_without_candidates_is_no_trouble() -> None:
    assert compare("conan", ()) == Comparison(
        "conan", verdict="no candidate is known: name one by `--candidate`"
    )


def test_the_fastest_is_shown_first_and_those_that_failed_last() -> None:
    silent, slow, fast = asked("x", None), asked("slow", 0.2), asked("fast", 0.1)

    assert compare("pypi", (silent, slow, fast)).ordered == (fast, slow, silent)
