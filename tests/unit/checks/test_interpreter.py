from __future__ import annotations

import dataclasses

import pytest

from devtool.adapters.interpreters import _PROBE
from devtool.checks.interpreter import PYTHON
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import HANGS

OLD_CONAN = need("python", "<3.12", source="scripts/install_deps.sh:60")
LISTS = FakeFiles({"/var/lib/apt/lists/x_Packages": ""})


def seen(
    pythons: dict[str, Answer], host: Host = LINUX, wanted: Requirement | None = OLD_CONAN, **programs: str
) -> Finding:
    answers = {f"/usr/bin/{name} -I -c {_PROBE}": answer for name, answer in pythons.items()}
    process = FakeProcess(answers, {**{name: f"/usr/bin/{name}" for name in pythons}, **programs})
    asked = needs(wanted) if wanted else needs(project=None)
    finding = examined(PYTHON, fake_system(process=process, files=LISTS), asked, host)
    process.assert_used()
    return finding


def python(name: str, version: str) -> Answer:
    return ended(f"/usr/bin/{name}\n{version}\nTrue\n")


def test_one_python_that_fits_is_enough() -> None:
    finding = seen(
        {"python3.12": python("python3.12", "3.12.3"), "python3.11": python("python3.11", "3.11.9")}
    )

    assert (finding.severity, finding.summary, finding.evidence) == (
        "ok",
        "python 3.11.9",
        ("/usr/bin/python3.11",),
    )


def test_pythons_that_do_not_fit_are_all_named() -> None:
    finding = seen({"python3.13": python("python3.13", "3.13.1"), "python3": python("python3", "3.12.3")})

    assert finding.severity == "failure"
    assert finding.summary == (
        "python 3.13.1, 3.12.3 does not fit; this checkout needs Python `<3.12` (scripts/install_deps.sh:60)"
    )
    assert finding.remedies[0].actions[0].preview == "sudo apt-get install -y python3.11 python3.11-venv"


def test_no_python_at_all_is_a_failure() -> None:
    finding = seen({})

    assert finding.summary == (
        "no Python is here; this checkout needs Python `<3.12` (scripts/install_deps.sh:60)"
    )


def test_a_python_that_is_too_old_is_a_failure() -> None:
    finding = seen({"python3": python("python3", "3.7.2")}, wanted=need("python", ">=3.10"))

    assert finding.severity == "failure"


@pytest.mark.parametrize("answer", [HANGS, ended("hello"), ended(status=1), ended(outcome="refused")])
def test_a_python_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    finding = seen({"python3": answer})

    assert (finding.severity, finding.summary) == (
        "unknown",
        "`/usr/bin/python3` does not say which Python it is",
    )


def test_without_a_checkout_any_python_that_the_embedded_server_takes_will_do() -> None:
    assert seen({"python3": python("python3", "3.11.2")}, wanted=None).severity == "ok"


def test_a_distribution_without_a_fitting_python_leaves_it_to_uv() -> None:
    host = dataclasses.replace(LINUX, distribution="ubuntu", version="24.04")

    finding = seen({"python3": python("python3", "3.12.3")}, host, uv="/usr/bin/uv")

    assert finding.remedies[0].actions[0].preview == "uv python install 3.11"


def test_homebrew_keeps_pythons_side_by_side() -> None:
    host = dataclasses.replace(LINUX, os="macos", distribution="macos", package_managers=("brew",))

    finding = seen({"python3": python("python3", "3.13.1")}, host)

    assert finding.remedies[0].actions[0].preview == "brew install python@3.11"


def test_with_nothing_to_install_from_the_remedy_is_words() -> None:
    host = dataclasses.replace(LINUX, package_managers=())

    finding = seen({"python3": python("python3", "3.13.1")}, host)

    assert finding.remedies[0].actions == ()
