"""Cures are chosen by the checkout and the machine, and filled in with what the checkout needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.knowledge.failure import Conditions, KnownRemedy
from devtool.model.diagnosis import Cure
from devtool.model.requirement import Requirement
from devtool.workflows.curing import Place, cures, described, fits, needed_version
from tests.support.examining import need, needs
from tests.support.samples import LINUX

OLD = KnownRemedy(
    "Install {conan|1.66.0}.", ("pipx install 'conan=={conan|1.66.0}'",), Conditions(needs={"conan": "<2"})
)
MAC = KnownRemedy("Take Homebrew's.", ("brew install conan",), Conditions(os=("macos",)))
APT = KnownRemedy("Take Debian's.", ("apt install conan",), Conditions(distribution=("debian", "ubuntu")))
ANY = KnownRemedy("Wait.")


def place(*requirements: Requirement, os: str = "linux", distribution: str = "debian") -> Place:
    return Place(replace(LINUX, os=os, distribution=distribution), needs(*requirements))


def test_without_a_place_every_cure_says_where_it_applies() -> None:
    assert cures((OLD, MAC, APT, ANY), None) == (
        Cure("Install 1.66.0.", ("pipx install 'conan==1.66.0'",), "where the checkout needs conan <2"),
        Cure("Take Homebrew's.", ("brew install conan",), "on macOS"),
        Cure("Take Debian's.", ("apt install conan",), "on Debian or Ubuntu"),
        Cure("Wait."),
    )


def test_of_a_place_only_the_cures_that_fit_are_told_in_their_order_and_without_condition() -> None:
    here = place(need("conan", "==1.64.1"))

    assert cures((MAC, ANY, OLD, APT), here) == (
        Cure("Wait."),
        Cure("Install 1.64.1.", ("pipx install 'conan==1.64.1'",)),
        Cure("Take Debian's.", ("apt install conan",)),
    )


def test_where_no_cure_fits_all_are_told_with_their_conditions() -> None:
    here = place(need("conan", "==2.25.1"))

    assert cures((OLD, MAC), here) == (
        Cure("Install 1.66.0.", ("pipx install 'conan==1.66.0'",), "where the checkout needs conan <2"),
        Cure("Take Homebrew's.", ("brew install conan",), "on macOS"),
    )


def test_where_the_need_is_unknown_a_cure_keeps_its_condition() -> None:
    assert cures((OLD,), place()) == (
        Cure("Install 1.66.0.", ("pipx install 'conan==1.66.0'",), "where the checkout needs conan <2"),
    )


def test_a_failure_without_a_remedy_has_no_cure() -> None:
    assert cures((), None) == cures((), place()) == ()


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        (Conditions(), True),
        (Conditions(os=("linux",)), True),
        (Conditions(os=("macos",)), False),
        (Conditions(os=("macos", "linux")), True),
        (Conditions(distribution=("debian",)), True),
        (Conditions(distribution=("fedora", "rocky")), False),
        (Conditions(needs={"conan": ">=2"}), True),
        (Conditions(needs={"conan": "<2"}), False),
        (Conditions(needs={"go": ">=1.21"}), None),
        (Conditions(needs={"python": ">=3"}), None),
        (Conditions(needs={"conan": ">=2", "go": ">=1.21"}), None),
        (Conditions(needs={"go": ">=1.21", "conan": "<2"}), False),
        (Conditions(os=("macos",), needs={"go": ">=1.21"}), False),
        (Conditions(os=("linux",), distribution=("debian",), needs={"conan": ">=2"}), True),
    ],
)
def test_conditions_hold_fail_or_cannot_be_told(conditions: Conditions, wanted: bool | None) -> None:
    here = place(need("conan", "==2.25.1"), need("go", None, confidence="unknown"))

    assert fits(conditions, here) is wanted


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        ("==2.25.1", "2.25.1"),
        ("==3.11.*", "3.11"),
        (">=1.26.5", "1.26.5"),
        (">=3.8,<3.12", "3.8"),
        ("<3.12,>=3.8", "3.8"),
        ("~=1.64", "1.64"),
        (">= 3.26", "3.26"),
        ("<2", None),
        ("!=1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_need_stands_for_its_pinned_or_lowest_version(specifier: str | None, version: str | None) -> None:
    assert needed_version(need("tool", specifier)) == version


def test_a_tool_that_is_not_needed_has_no_version() -> None:
    assert needed_version(None) is None
    assert needed_version(need("conan", "==2.25.1", needed=False)) is None


@pytest.mark.parametrize(
    ("specifier", "filled"),
    [
        ("==1.64.1", "1.64.1"),
        (">=1.60,<2", "1.66.0"),
        (">=1.70", "1.70"),
        ("<2", "1.66.0"),
        ("", "1.66.0"),
        (None, "1.66.0"),
    ],
    ids=["pinned", "a range with the default", "beyond the default", "only a bound", "any", "unknown"],
)
def test_a_slot_takes_the_version_that_the_checkout_needs_or_else_its_default(
    specifier: str | None, filled: str
) -> None:
    remedy = KnownRemedy("Take {conan|1.66.0}.", ("a {conan|1.66.0} {go|1.2}", "plain", "${HOME} {} {x}"))

    assert cures((remedy,), place(need("conan", specifier))) == (
        Cure(f"Take {filled}.", (f"a {filled} 1.2", "plain", "${HOME} {} {x}")),
    )


def test_conditions_are_told_in_words() -> None:
    assert described(Conditions()) == ""
    assert described(Conditions(os=("linux", "macos"))) == "on Linux and macOS"
    assert described(Conditions(os=("linux",), distribution=("rocky", "amzn", "fedora"))) == (
        "on Rocky Linux or Amazon Linux or Fedora"
    )
    assert described(Conditions(distribution=("debian",), needs={"go": ">=1.21", "conan": "<2"})) == (
        "on Debian, where the checkout needs go >=1.21 and conan <2"
    )


@pytest.mark.parametrize(
    ("distribution", "kin"), [("linuxmint", "ubuntu"), ("rhel", "rocky"), ("kali", "debian")]
)
def test_a_distribution_takes_the_cures_of_its_kin(distribution: str, kin: str) -> None:
    there = place(distribution=distribution)

    assert fits(Conditions(distribution=(kin,)), there) is True
    assert fits(Conditions(distribution=("alpine",)), there) is False
