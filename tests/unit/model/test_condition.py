"""Conditions on a pull request, of which some are not known."""

from __future__ import annotations

import re
from typing import Any

import pytest

from devtool.model.condition import Condition, evaluate, expression, leaf, leaves_of

FACTS: dict[str, Any] = {
    "title": "fix: close it",
    "body": "issue: #12",
    "base": "2.6",
    "files": ("a.go", "docs/b.md"),
    "label": ("kind/bug", "size/L"),
    "draft": False,
}


def made(text: str) -> Condition:
    stated = expression(text)
    found = leaf(text, 1, re.compile(stated) if stated is not None else None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("title~=^fix:", True),
        ("title ~= ^fix:", True),
        ("-title~=^fix:", False),
        ("¬title~=^feat:", True),
        ("base=2.6", True),
        ("base!=2.6", False),
        ("base:2.6", True),
        ("label=kind/bug", True),
        ("label!=kind/doc", True),
        ("-label=kind/doc", True),
        ("label='kind/bug'", True),
        ("files~=\\.md$", True),
        ("-files~=^(?!.*\\.(md)).*$", False),
        ("#files=2", True),
        ("#files>2", False),
        ("#files>=2", True),
        ("-#files<=1", True),
        ("body=^$", False),
        ("-body=^$", True),
        ("draft", False),
        ("-draft", True),
        ("status-success=DCO", None),
        ("-status-success=DCO", None),
        ("#approved-reviews-by>=2", None),
        ("files>many", None),
    ],
)
def test_a_condition_holds_does_not_or_is_not_known(text: str, truth: bool | None) -> None:
    assert evaluate(made(text), FACTS).truth is truth


def test_a_body_of_blanks_is_the_empty_one() -> None:
    assert evaluate(made("body=^$"), {**FACTS, "body": " \r\n"}).truth is True


def test_an_expression_that_is_not_safe_to_try_is_not_known() -> None:
    unsafe = leaf("title~=(a+)+$", 1, None)

    assert unsafe is not None
    assert evaluate(unsafe, FACTS).truth is None


@pytest.mark.parametrize("text", ["", "-", "title~", "Two words", "~=x", "#"])
def test_what_is_no_condition_is_none(text: str) -> None:
    assert leaf(text, 1) is None


@pytest.mark.parametrize(
    ("kind", "parts", "truth"),
    [
        ("all", ["title~=^fix:", "base=2.6"], True),
        ("all", ["title~=^fix:", "check-success=x"], None),
        ("all", ["base=main", "check-success=x"], False),
        ("any", ["base=main", "check-success=x"], None),
        ("any", ["base=2.6", "check-success=x"], True),
        ("any", ["base=main", "title~=^feat:"], False),
        ("not", ["check-success=x"], None),
        ("not", ["base=main"], True),
        ("all", [], True),
        ("any", [], False),
    ],
)
def test_a_tree_knows_as_much_as_its_parts_tell(kind: Any, parts: list[str], truth: bool | None) -> None:
    tree = Condition(kind, 1, tuple(map(made, parts)))

    assert evaluate(tree, FACTS).truth is truth


def test_a_verdict_names_the_conditions_that_made_it() -> None:
    right, wrong = made("base=2.6"), made("base=main")
    tree = Condition("all", 1, (Condition("any", 1, (wrong, right)), made("title~=^fix:")))

    verdict = evaluate(tree, FACTS)

    assert [each.text for each in verdict.leaves] == ["base=2.6", "title~=^fix:"]


def test_a_condition_that_is_shared_by_many_is_looked_at_once() -> None:
    tree = made("base=2.6")
    for _ in range(200):
        tree = Condition("all", 1, (tree, tree))

    assert evaluate(tree, FACTS).truth is True
    assert [each.text for each in leaves_of(tree)] == ["base=2.6"]
