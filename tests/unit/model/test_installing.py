"""Installing packages: one action a manager, shown and run as one call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.errors import DevtoolError
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Plan, Remedy, Step
from devtool.remedies.application import apply
from devtool.system import System
from tests.support import FakeConsole, FakeMachine, FakeProcess, ended, fake_system

NINJA = InstallPackages("apt-get", ("ninja-build",), ("ninja",), True, True, ("ninja-build",))
GCC = InstallPackages("apt-get", ("gcc", "g++"), ("gcc",), True, False, ("g++",))


def machine(process: FakeProcess, root: bool) -> System:
    return fake_system(process=process, machine=FakeMachine(root=root), console=FakeConsole(interactive=True))


def test_packages_of_one_manager_become_one_step_of_a_plan() -> None:
    brew = replace(GCC, manager="brew", needs_root=False)
    asked = [("gcc", Remedy("", (GCC,))), ("ninja", Remedy("", (NINJA,))), ("x", Remedy("", (brew,)))]

    plan = Plan.asked([*asked, ("gcc-again", Remedy("", (GCC,)))])

    both = InstallPackages(
        "apt-get", ("gcc", "g++", "ninja-build"), ("gcc", "ninja"), True, True, ("g++", "ninja-build")
    )
    assert plan.steps == (Step(both, ("gcc", "ninja", "gcc-again")), Step(brew, ("x",)))
    assert both.reason == "install gcc, ninja with apt-get"
    assert both.preview == "sudo sh -c 'apt-get update && apt-get install -y gcc g++ ninja-build'"
    assert both.undo_argv == ("dpkg", "--remove", "g++", "ninja-build")


@pytest.mark.parametrize(
    ("action", "called"),
    [
        (NINJA, "sudo sh -c apt-get update && apt-get install -y ninja-build"),
        (GCC, "sudo apt-get install -y gcc g++"),
    ],
)
def test_a_person_gives_root_once(action: InstallPackages, called: str) -> None:
    process = FakeProcess({called: ended("")})

    application = apply(machine(process, root=False), Plan((Step(action),)))

    assert (application.done, application.error) == (1, None)
    process.assert_used()


def test_root_runs_the_commands_one_after_the_other_and_stops_at_the_first_that_fails() -> None:
    refused = ended("", "E: Could not get lock /var/lib/apt/lists/lock", 100)
    process = FakeProcess({"apt-get update": refused})

    application = apply(machine(process, root=True), Plan((Step(NINJA),)))

    assert isinstance(application.error, DevtoolError)
    assert "`apt-get update`" in application.error.message
    process.assert_used()


def test_nothing_new_is_nothing_to_take_back() -> None:
    action = replace(GCC, fresh=())

    assert action.undo_argv is None
    assert not Step(action).undoable


def test_what_enables_a_source_comes_first_and_once() -> None:
    enable = (("dnf", "config-manager", "--set-enabled", "crb"),)
    one = InstallPackages("dnf", ("a",), ("a",), needs_root=True, before=enable)
    two = InstallPackages("dnf", ("b",), ("b",), needs_root=True, before=enable)

    assert one.joined(two).preview == (
        "sudo sh -c 'dnf config-manager --set-enabled crb && dnf install -y a b'"
    )


def test_each_manager_fetches_its_lists_in_its_own_words() -> None:
    commands = {
        manager: InstallPackages(manager, ("a",), ("a",), needs_root=False, refresh=True).command
        for manager in ("apt-get", "pacman", "apk", "dnf")
    }

    assert commands == {
        "apt-get": "apt-get update && apt-get install -y a",
        "pacman": "pacman -Sy && pacman -S --needed --noconfirm a",
        "apk": "apk update && apk add a",
        "dnf": "dnf install -y a",
    }
