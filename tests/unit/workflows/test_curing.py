"""Cures are chosen by the checkout and the machine."""

from __future__ import annotations

from devtool.knowledge.failure import Conditions, KnownRemedy
from devtool.workflows.curing import cures, described

OLD = KnownRemedy(
    "Install {conan|1.66.0}.", ("pipx install 'conan=={conan|1.66.0}'",), Conditions(needs={"conan": "<2"})
)
MAC = KnownRemedy("Take Homebrew's.", ("brew install conan",), Conditions(os=("macos",)))


def test_without_a_place_every_cure_says_where_it_applies() -> None:
    found = cures((OLD, MAC), None)

    assert [each.condition for each in found] == ["where the checkout needs conan <2", "on macOS"]
    assert found[0].commands == ("pipx install 'conan==1.66.0'",)


def test_conditions_are_told_in_words() -> None:
    assert described(Conditions()) == ""
    assert described(Conditions(os=("linux", "macos"))) == "on Linux and macOS"
    assert described(Conditions(distribution=("debian",), needs={"go": ">=1.21"})) == (
        "on Debian, where the checkout needs go >=1.21"
    )
