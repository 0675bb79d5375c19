"""What package managers say when they cannot install, and what is made of it."""

from __future__ import annotations

import pytest

from devtool.remedies.package_failures import why_not_installed

AT_WORK = "another package manager is at work: try again when it has ended"
NO_MIRROR = "no package mirror answers: check the network, `http_proxy` and `https_proxy`"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 831 (apt-get)", AT_WORK),
        ("error: failed to init transaction (unable to lock database)", AT_WORK),
        ("ERROR: Unable to lock database: temporary error (try again later)", AT_WORK),
        ("System management is locked by the application with pid 831 (zypper).", AT_WORK),
        ("W: Failed to fetch http://mirror.example/dists/bookworm/InRelease", NO_MIRROR),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", "free some space and try again"),
        ("E: Unable to locate package uuid-dev", "the lists of packages do not name it: they may be old"),
        ("E: Sub-process /usr/bin/dpkg returned an error code (1)", None),
    ],
)
def test_the_managers_own_words_say_what_to_do(said: str, expected: str | None) -> None:
    assert why_not_installed(said) == expected
