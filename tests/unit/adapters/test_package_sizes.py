"""What a package manager would fetch, by its own words and without fetching."""

from __future__ import annotations

import pytest

from devtool.adapters.package_sizes import download_bytes
from devtool.model.packages import InstallPackages
from tests.support import FakeProcess, ended, fake_system

ASKED = "apt-get install --print-uris -y gfortran"
GFORTRAN = InstallPackages("apt-get", ("gfortran",), ("gfortran",), needs_root=True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Need to get 12.3 MB of archives.", 12_300_000),
        ("Need to get 1,024 kB/3,059 kB of archives.", 1_024_000),
        ("Need to get 0 B/3059 kB of archives.", None),
        ("0 upgraded, 0 newly installed", None),
    ],
)
def test_apt_says_what_it_has_yet_to_fetch(said: str, expected: int | None) -> None:
    process = FakeProcess({ASKED: ended(f"Reading package lists...\n{said}\nAfter this operation, 1 MB\n")})

    assert download_bytes(fake_system(process=process), GFORTRAN) == expected
    process.assert_used()


def test_an_apt_that_cannot_tell_is_no_trouble() -> None:
    process = FakeProcess({ASKED: ended(stderr="E: Unable to locate package gfortran", status=100)})

    assert download_bytes(fake_system(process=process), GFORTRAN) is None


@pytest.mark.parametrize(
    "action",
    [
        InstallPackages("dnf", ("gcc",), ("gcc",), True),
        InstallPackages("apt-get", ("gcc",), ("gcc",), True, refresh=True),
        InstallPackages("apt-get", ("gcc",), ("gcc",), True, before=(("true",),)),
    ],
    ids=["another manager", "lists that are not there", "sources that are not enabled"],
)
def test_what_nobody_can_tell_yet_is_not_asked(action: InstallPackages) -> None:
    assert download_bytes(fake_system(process=FakeProcess()), action) is None
