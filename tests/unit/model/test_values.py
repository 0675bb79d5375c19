from __future__ import annotations

import json

import pytest

from devtool.model.codec import decode, encode
from devtool.model.remedy import Plan, Remedy, RunCommand, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Requirement, Statement
from devtool.model.version import find_version
from tests.support.samples import CONAN, CONAN_WRONG, GIT_BUFFER


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.5 linux/amd64", "1.26.5"),
        ("go version go1.26rc1 linux/amd64", "1.26rc1"),
        ("Conan version 2.25.1", "2.25.1"),
        ("cmake version 3.25.1\n\nCMake suite maintained by Kitware", "3.25.1"),
        ("Docker version 28.2.2, build e6534b4", "28.2.2"),
        ("docker-compose version 1.29.2, build unknown", "1.29.2"),
        ("Docker Compose version v2.26.1-4", "2.26.1"),
        ("gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "15.0.0"),
        ("Python 3.12.1", "3.12.1"),
        ("1.11.1", "1.11.1"),
        ("v0.5.0 (go1.20)", "0.5.0"),
        ("cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "1.95.0"),
        ("warning: nothing here 12", None),
        ("", None),
    ],
)
def test_the_version_is_found_in_what_tools_print(text: str, version: str | None) -> None:
    assert find_version(text) == version


def test_values_survive_a_cache() -> None:
    types = (Finding, Requirement, Statement, Remedy, SetGitKey)
    for value in (CONAN_WRONG, GIT_BUFFER, CONAN):
        assert decode(json.loads(json.dumps(encode(value))), *types) == value


def test_data_of_another_version_is_an_error_rather_than_a_guess() -> None:
    with pytest.raises(TypeError):
        decode({"type": "SetGitKey", "wrong": 1}, SetGitKey)
    with pytest.raises(KeyError):
        decode({"type": "Vanished"}, SetGitKey)


def test_a_plan_has_each_action_once_in_the_order_of_the_remedies() -> None:
    first = SetGitKey("a.b", "1", "one")
    second = RunCommand(("apt-get", "install", "ninja-build"), "two", needs_root=True)

    plan = Plan.of((Remedy("x", (second, first)), Remedy("y", (first,)), Remedy("z")))

    assert plan.actions == (second, first)
