"""The package databases themselves: dpkg's of a Debian, and rpm's and pacman's where nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devtool.adapters.package_database import installed_by_dpkg, missing
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Plan, Step
from devtool.remedies.application import apply
from devtool.remedies.journal import Journal
from devtool.remedies.undoing import choose, take_back, way_back
from devtool.system import real_system
from tests.conftest import require
from tests.support.homes import Home

pytestmark = pytest.mark.real


def test_dpkg_knows_what_is_here_what_is_provided_and_what_is_not() -> None:
    require(shutil.which("dpkg-query"), "this is no system with dpkg")

    absent = missing(real_system("/"), "apt-get", ("dpkg", "awk", "no-such-package"))

    # Nothing is called `awk`: mawk or gawk provide it.
    assert absent == ("no-such-package",)


@pytest.mark.parametrize(("manager", "program"), [("dnf", "rpm"), ("pacman", "pacman")])
def test_an_empty_database_lacks_whatever_is_asked(manager: str, program: str) -> None:
    require(shutil.which(program), f"`{program}` is not here")
    require(shutil.which("dpkg-query"), f"the database of `{program}` is in use here")

    assert missing(real_system("/"), manager, ("libaio", "zip")) == ("libaio", "zip")


def test_undo_removes_all_that_came_along_and_nothing_else(home: str) -> None:
    require(shutil.which("apt-get") and os.geteuid() == 0, "only root installs packages, by apt")
    system = Home(Path(home)).system
    before = installed_by_dpkg(system)
    # Of what libtool brings, libltdl-dev needs automake, which brings autoconf and m4.
    wanted = tuple(each for each in ("libtool", "m4", "autoconf", "automake") if each not in before)
    action = InstallPackages("apt-get", wanted, wanted, needs_root=False, refresh=True, fresh=wanted)

    application = apply(system, Plan((Step(action, ("system-packages",)),)))
    between = installed_by_dpkg(system)
    journal = Journal(system)
    take_back(system, journal, way_back(system, journal, choose(journal, None)))

    assert application.error is None
    assert between > before or not wanted
    assert installed_by_dpkg(system) == before


def test_the_tool_that_looks_names_up_says_what_is_known_of_each_release() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.verify_packages"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "\ndebian-12        42 of 42 names found on " in answer.stdout
    assert "\nfedora-42        45 names, none looked up\n" in answer.stdout
