from __future__ import annotations

import re
from dataclasses import replace

import pytest

from devtool.adapters.package_names import (
    FILES,
    capabilities,
    capability_named,
    distribution,
    distribution_of,
    verified,
)
from devtool.checks import IDS
from devtool.model.packages import INSTALL
from devtool.system.resources import resource_names
from tests.fixtures.installers import BRANCH_2_5, MASTER, Y2021
from tests.support.samples import LINUX

each_file = pytest.mark.parametrize("file", FILES)


def test_every_file_of_names_is_read() -> None:
    assert {*FILES, "capabilities", "verified"} == {
        name.removesuffix(".toml") for name in resource_names("packages")
    }


@each_file
def test_every_name_is_one_and_stands_at_a_capability(file: str) -> None:
    where = distribution(file)

    assert where.manager in INSTALL
    assert set(where.names) <= set(capabilities())
    for names in where.names.values():
        assert [name for name in names if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9+._@-]*", name)] == []


@each_file
def test_every_source_has_its_commands_and_brings_something(file: str) -> None:
    where = distribution(file)
    every = {name for names in where.names.values() for name in names}

    assert set(where.sources) <= every
    assert set(where.sources.values()) == set(where.commands)


def test_every_capability_has_a_check_of_that_id_or_none() -> None:
    for each in capabilities().values():
        assert each.checked_by is None or each.checked_by in IDS
        assert each.lacking in ("failure", "warning")


@each_file
def test_what_was_looked_up_and_not_found_stands_in_no_file(file: str) -> None:
    where = distribution(file)
    every = {name for names in where.names.values() for name in names}

    for release in where.releases:
        found = verified(file, release)
        assert not found or every <= found


def test_the_names_for_debian_were_looked_up() -> None:
    assert "libopenblas-dev" in verified("debian", "12") & verified("debian", "13")
    assert verified("fedora", "42") == frozenset()


@pytest.mark.parametrize(
    ("name", "version", "file"),
    [
        ("ubuntu", "22.04", "ubuntu"),
        ("ubuntu", "25.10", "ubuntu"),
        ("ubuntu", "18.04", None),
        ("almalinux", "9.5", "rocky"),
        ("centos", "7", None),
        ("arch", None, "arch"),
        ("macos", "15.1", "macos"),
        ("debian", "trixie/sid", "debian"),
        ("void", "1", None),
        (None, None, None),
    ],
)
def test_a_machine_has_the_names_of_its_distribution(
    name: str | None, version: str | None, file: str | None
) -> None:
    here = distribution_of(replace(LINUX, distribution=name, version=version))

    assert (here.file if here else None) == file


@pytest.mark.parametrize(
    ("name", "manager", "capability"),
    [
        ("devtoolset-11-gcc-gfortran", "yum", "fortran"),
        ("devtoolset-11-gcc-c++", "yum", "cxx-compiler"),
        ("gcc-toolset-12-libatomic-devel", "dnf", "atomic"),
        ("libboost-regex-dev", "apt-get", "boost"),
        ("gcc-12", "apt-get", "c-compiler"),
        ("libuuid-devel", "yum", "uuid"),
        ("openssl", "brew", "openssl"),
        ("llvm@15", "brew", "llvm"),
        ("flurbl", "apt-get", None),
    ],
)
def test_a_package_is_known_by_what_it_brings(name: str, manager: str, capability: str | None) -> None:
    found = capability_named(name, manager)

    assert (found.id if found else None) == capability


def test_every_name_in_the_installers_of_all_eras_is_known() -> None:
    from tests.unit.requirements.test_installers import needs_of

    unknown = {
        each.value
        for files in (MASTER, BRANCH_2_5, Y2021)
        for listed in needs_of(files).packages
        for each in listed.packages
        if capability_named(each.value, listed.manager) is None
    }

    assert unknown == set()
