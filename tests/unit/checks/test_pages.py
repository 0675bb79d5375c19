"""Every check has a whole page behind `devtool explain`."""

from __future__ import annotations

import pytest

from devtool.checks import GATES, checks
from devtool.checks.check import Check
from devtool.checks.pages import explanation, read_page
from devtool.model.commit import RULES as OF_COMMITS
from devtool.model.pull_request import RULES as OF_PULL_REQUESTS
from devtool.render.catalogue import render_checks
from devtool.system.resources import resource_names

RULES = (*OF_COMMITS, *OF_PULL_REQUESTS)

each_check = pytest.mark.parametrize("check", checks(), ids=lambda check: check.id)


@each_check
def test_a_page_says_meaning_reason_cure_and_where_to_read_on(check: Check) -> None:
    page = explanation(check.id)

    assert page is not None
    assert page.title
    assert page.meaning.strip()
    assert page.why.strip()
    assert all(cure.text.strip() for cure in page.cures)
    assert page.cures
    assert page.links
    assert all(link.startswith("https://") for link in page.links)


def test_a_list_of_the_checks_fits_a_terminal_of_80_columns() -> None:
    rows = [(check.id, check.gates, check.title) for check in checks()]

    assert [line for line in render_checks(rows, "text").splitlines() if len(line) > 80] == []


@each_check
def test_a_check_and_its_page_have_one_title(check: Check) -> None:
    page = explanation(check.id)

    assert page is not None
    assert page.title == check.title


def test_every_page_belongs_to_a_check() -> None:
    pages = {name.removesuffix(".toml") for name in resource_names("checks/explanations")}

    assert pages == {*(check.id for check in checks()), *GATES}


def test_ids_are_unique_and_kebab_case() -> None:
    ids = [check.id for check in checks()]

    assert len(ids) == len(set(ids))
    assert all(set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for each in ids)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_commits_has_a_whole_page_too(rule: str) -> None:
    page = read_page("rule", rule, f"rules/{rule}.toml")

    assert page is not None
    assert page.meaning.strip()
    assert page.why.strip()
    assert page.cures
    assert all(link.startswith("https://") for link in page.links)


def test_every_page_of_a_rule_belongs_to_one() -> None:
    assert {name.removesuffix(".toml") for name in resource_names("rules")} == set(RULES)
