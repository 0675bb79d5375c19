"""Every known failure against its own examples and counterexamples, each read with the whole knowledge."""

from __future__ import annotations

import pytest

from devtool.checks import IDS
from devtool.knowledge.failure import KnownFailure, Sample
from devtool.knowledge.library import Entry, failure, failure_ids, gather, own_failures
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.proving import named

FAILURES = {each.id: each for each in own_failures()}


LIBRARY = gather(map(Entry.of, FAILURES.values()), ())
MATCHER = Matcher(LIBRARY)


def samples(kind: str) -> list[object]:
    return [
        pytest.param(each, sample, id=f"{each.id}-{number}")
        for each in FAILURES.values()
        for number, sample in enumerate(getattr(each, kind), 1)
    ]


@pytest.mark.parametrize(("known", "sample"), samples("examples"))
def test_an_example_names_its_failure_and_the_right_root_cause(known: KnownFailure, sample: Sample) -> None:
    found = named(sample.log.encode(), LIBRARY, MATCHER)

    assert known.id in found
    assert found[0] == (sample.primary or known.id)
    if sample.found:
        assert set(found) == {known.id, *sample.found}


@pytest.mark.parametrize(("known", "sample"), samples("counterexamples"))
def test_a_counterexample_names_only_what_it_says(known: KnownFailure, sample: Sample) -> None:
    assert set(named(sample.log.encode(), LIBRARY, MATCHER)) == set(sample.found), sample.why


@pytest.mark.parametrize("known", FAILURES.values(), ids=list(FAILURES))
def test_a_file_is_whole(known: KnownFailure) -> None:
    assert len(known.examples) >= 2
    assert known.remedies
    assert len(known.title) <= 70
    assert not known.title.endswith(".")
    assert len(known.summary) <= 110
    assert not known.summary.endswith(".")
    assert known.group != "project"
    assert all(link.startswith("https://") for link in known.links)
    assert set(known.checks) <= set(IDS), "checks that doctor does not have"
    samples = (*known.examples, *known.counterexamples)
    referred = {*known.follows, *(each for sample in samples for each in sample.found)}
    assert referred <= set(FAILURES), "ids that nothing has"
    assert known.id not in known.follows


def test_every_failure_is_found_by_its_id() -> None:
    assert [failure(each) for each in failure_ids()] == list(FAILURES.values())
