"""The knowledge against logs as people met them: `tests/corpus`.

Half of them, `tuning`, may be looked at when knowledge is written; the other half, `held-out`, only measures.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from devtool.knowledge.library import Entry, Library, failure_ids, gather, own_failures
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.proving import named
from devtool.system.toml import loads

CORPUS = Path(__file__).parents[2] / "corpus"
LOGS = loads((CORPUS / "index.toml").read_text(encoding="utf-8"))["log"]
FAILED = ("thread", "made")
"""Kinds of logs that show a failure; the others are of what went well, or of a person's own mistakes."""
FOUND_BAR, PRIMARY_BAR, WRONG_BAR = 0.95, 0.90, 0.05


@cache
def knowledge() -> tuple[Library, Matcher]:
    library = gather(map(Entry.of, own_failures()), ())
    return library, Matcher(library)


@cache
def shown(file: str) -> tuple[str, ...]:
    """The ids that a log of the corpus names, the root cause first."""
    return tuple(named((CORPUS / file).read_bytes(), *knowledge()))


def logs(which: str | None = None, *kinds: str) -> list[dict[str, Any]]:
    return [log for log in LOGS if which in (None, log["set"]) and (not kinds or log["kind"] in kinds)]


def place(log: dict[str, Any]) -> str:
    return f"{log['set']}/{log['file']}"


def shares(which: str, *kinds: str) -> tuple[float, float]:
    """Which share of the known failures is found, and in which share of the logs the root cause is right."""
    failed = [log for log in logs(which, *kinds) if log["found"]]
    wanted = sum(len(log["found"]) for log in failed)
    found = sum(len(set(log["found"]) & set(shown(place(log)))) for log in failed)
    right = sum(shown(place(log))[:1] == (log["primary"],) for log in failed)
    return found / wanted, right / len(failed)


@pytest.mark.parametrize("which", ["tuning", "held-out"])
def test_known_failures_are_found_and_the_root_cause_is_right(which: str) -> None:
    found, right = shares(which, *FAILED)

    assert found >= FOUND_BAR
    assert right >= PRIMARY_BAR


@pytest.mark.parametrize("which", ["tuning", "held-out"])
def test_hardly_any_log_names_a_failure_that_it_does_not_show(which: str) -> None:
    read = logs(which, *FAILED)
    wrong = [log["file"] for log in read if set(shown(place(log))) - set(log["found"])]

    assert len(wrong) <= WRONG_BAR * len(read), wrong


@pytest.mark.parametrize("log", logs(None, "success", "ordinary"), ids=lambda log: log["file"])
def test_no_known_failure_is_named_where_there_is_none(log: dict[str, Any]) -> None:
    if log.get("gap"):
        pytest.xfail(log["gap"])

    assert shown(place(log)) == ()


def test_every_log_is_listed_with_where_it_comes_from() -> None:
    listed = {place(log) for log in LOGS}

    assert listed == {f"{path.parent.name}/{path.name}" for path in CORPUS.glob("*/*.log")}
    for log in LOGS:
        assert log["source"].startswith(("https://github.com/", "made")), log["file"]
        assert set(log["found"]) <= set(failure_ids()), log["file"]
        assert log.get("primary") in (log["found"] or [None]), log["file"]
