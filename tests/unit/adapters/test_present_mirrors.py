"""What programs say they fetch from, and which public mirrors devtool knows."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from devtool.adapters.known_mirrors import known_mirrors, proof
from devtool.adapters.present_mirrors import present
from devtool.model.mirrors import KINDS, is_address
from devtool.system import System
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.process import ABSENT, HANGS
from tests.support.samples import host

PIP_CONFIG, PIP_HELP = "python3 -m pip config get global.index-url", "python3 -m pip install --help"
HELP = """  -i, --index-url <url>       Base URL of the Python Package Index (default
                              https://index.example/simple). This should point
                              to a repository
  --extra-index-url <url>     Extra URLs of package indexes (default https://other.example)
"""
NO_KEY = ended(stderr="ERROR: No such key - global.index-url\n", status=1)
OS = {"/etc/os-release": "VERSION_CODENAME=bookworm\n"}


def url(system: System, kind: str) -> str | None:
    found = present(system, kind)
    return found.url if found else None


def asking(process: FakeProcess, files: dict[str, str] | None = None) -> System:
    return fake_system(process=process, files=FakeFiles(files or {}))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({PIP_CONFIG: ended("https://mine.example/simple\n")}, "https://mine.example/simple"),
        ({PIP_CONFIG: NO_KEY, PIP_HELP: ended(HELP)}, "https://index.example/simple"),
        ({PIP_CONFIG: NO_KEY, PIP_HELP: ended("usage: pip\n")}, None),
        ({PIP_CONFIG: ABSENT, PIP_HELP: ABSENT}, None),
        ({PIP_CONFIG: HANGS, PIP_HELP: HANGS}, None),
        ({PIP_CONFIG: ended("/srv/index\n")}, None),
    ],
)
def test_pip_is_asked_for_its_configuration_and_then_for_what_it_has_built_in(
    answers: dict[str, object], expected: str | None
) -> None:
    process = FakeProcess(answers)

    assert url(asking(process), "pypi") == expected

    process.assert_used()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("https://a.example,direct\n", "https://a.example"),
        ("https://a.example|https://b.example\n", "https://a.example"),
        ("off\n", None),
        ("direct\n", None),
        ("\n", None),
    ],
)
def test_go_is_asked_for_its_proxy(said: str, expected: str | None) -> None:
    assert url(asking(FakeProcess({"go env GOPROXY": ended(said)})), "goproxy") == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/etc/apt/sources.list": "# deb http://no.example x\ndeb http://a.example/debian bookworm main\n"},
         "http://a.example/debian"),
        ({"/etc/apt/sources.list": "deb-src http://s.example bookworm main\n"}, None),
        ({"/etc/apt/sources.list": "deb http://a.example trixie main\n"}, None),
        ({"/etc/apt/sources.list.d/d.sources": "Types: deb\nURIs: http://d.example\nSuites: bookworm\n"},
         "http://d.example"),
        ({"/etc/apt/sources.list.d/d.sources":
          "Types: deb\nURIs: http://d.example\nSuites: bookworm\nEnabled: no\n"}, None),
        ({"/etc/apt/sources.list": "deb mirror+file:/m bookworm main\n"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_archive_of_apt_is_what_serves_this_release(files: dict[str, str], expected: str | None) -> None:
    assert url(asking(FakeProcess(), {**OS, **files}), "apt") == expected


@pytest.mark.parametrize("kind", ["crates", "conan", "brew"])
def test_what_no_program_says_is_not_known(kind: str) -> None:
    assert present(fake_system(), kind) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_known_mirror_is_an_address_and_named_once(kind: str) -> None:
    known = known_mirrors(kind, host())

    assert proof(kind, "bookworm") is not None
    assert len({each.url for each in known}) == len({each.source for each in known}) == len(known)
    for each in known:
        assert is_address(each.url)
        assert not each.url.endswith("/")
        # apt's archives are signed, and a fresh system trusts no certificate yet.
        assert urlsplit(each.url).scheme == ("http" if kind == "apt" else "https")


@pytest.mark.parametrize(
    ("distribution", "architecture", "folder"),
    [
        ("debian", "arm64", "debian"),
        ("ubuntu", "x86_64", "ubuntu"),
        ("ubuntu", "arm64", "ubuntu-ports"),
        ("linuxmint", "x86_64", None),
    ],
)
def test_a_mirror_of_apt_is_that_of_this_distribution(
    distribution: str, architecture: str, folder: str | None
) -> None:
    known = known_mirrors("apt", host(distribution=distribution, architecture=architecture))

    assert {urlsplit(each.url).path for each in known} == ({f"/{folder}"} if folder else set())


def test_a_release_without_a_name_has_no_page_that_proves_it() -> None:
    assert proof("apt", None) is None
