"""What package managers say when they cannot install, and what is made of it."""

from __future__ import annotations

import pytest

from devtool.remedies.package_failures import why_not_installed

NO_MIRROR = "no package mirror answers: check the network, `http_proxy` and `https_proxy`"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("W: Failed to fetch http://mirror.example/dists/bookworm/InRelease", NO_MIRROR),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", "free some space and try again"),
        ("E: Unable to locate package uuid-dev", "the lists of packages do not name it: they may be old"),
        ("E: Sub-process /usr/bin/dpkg returned an error code (1)", None),
    ],
)
def test_the_managers_own_words_say_what_to_do(said: str, expected: str | None) -> None:
    assert why_not_installed(said) == expected
