"""What failed first is the root, unless a failure that others follow from is told right below them."""

from __future__ import annotations

import pytest

from devtool.knowledge.library import gather
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.ranking import rank
from tests.support.logs import entry, scan

CAUSE, CONSEQUENCE = "no certificate can be trusted", "the registry cannot be reached"
LIBRARY = gather([entry("cause", CAUSE), entry("consequence", CONSEQUENCE, follows=["cause"])], ())


def ranked(*lines: str) -> list[tuple[str, str | None]]:
    """What the log names, each with what it follows from."""
    seen = scan(Matcher(LIBRARY), "\n".join(lines))
    return [(each.entry.id, each.follows) for each in rank(LIBRARY.entries, [seen])]


@pytest.mark.parametrize(
    "lines",
    [
        [CAUSE, CONSEQUENCE],
        [CAUSE, *["ordinary"] * 500, CONSEQUENCE],
        [CONSEQUENCE, "", "Caused by:", f"  {CAUSE}"],
    ],
    ids=["above", "far above", "right below"],
)
def test_a_cause_is_named_before_its_consequence(lines: list[str]) -> None:
    assert ranked(*lines) == [("cause", None), ("consequence", "cause")]


def test_what_is_told_far_below_is_no_cause() -> None:
    assert ranked(CONSEQUENCE, *["ordinary"] * 20, CAUSE) == [("consequence", None), ("cause", None)]
