from __future__ import annotations

from dataclasses import replace

from devtool.checks.checkout import CHECKOUT_CHECKS
from devtool.model.requirement import Needs
from tests.support import fake_system
from tests.support.samples import LINUX, MILVUS

(CHECK,) = CHECKOUT_CHECKS
CONFLICT = "inconsistent checkout: the recipe is for Conan 2 and the script calls Conan 1"


def test_a_checkout_that_agrees_with_itself_is_ok() -> None:
    assert CHECK.examine(fake_system(), LINUX, MILVUS).severity == "ok"


def test_statements_that_exclude_each_other_are_a_failure_that_names_them() -> None:
    torn = replace(MILVUS, conflicts=(CONFLICT, "another"))

    found = CHECK.examine(fake_system(), LINUX, torn)

    assert (found.severity, found.summary, found.evidence) == ("failure", CONFLICT, ("another",))


def test_without_a_project_there_is_nothing_to_agree() -> None:
    assert not CHECK.applies(LINUX, Needs(None, None))
