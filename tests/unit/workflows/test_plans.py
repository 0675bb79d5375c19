"""What the repair of a bare machine would do, on every system that we know names for: to be read by people.

`pytest tests/unit/workflows/test_plans.py --refresh-golden` writes `tests/golden/plans/` anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from devtool.adapters.package_names import FILES, distribution, distribution_of
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.report import Report
from devtool.render.wrapping import wrapped
from devtool.requirements.needs import read_needs
from devtool.system import System
from devtool.workflows.examination import Selection, examine_again
from devtool.workflows.repairing import plan_for
from tests.fixtures.eras import MASTER
from tests.fixtures.installers import MASTER as INSTALLERS
from tests.support import FakeFiles, FakeProcess, fake_system
from tests.support.golden import same_as_golden
from tests.support.process import ABSENT, ended
from tests.support.samples import LINUX

_MAC = replace(LINUX, os="macos", distribution="macos", shell="zsh", package_managers=("brew",))


def _linux(distribution: str, version: str | None, manager: str) -> Host:
    return replace(LINUX, distribution=distribution, version=version, package_managers=(manager,))


HOSTS = {
    "ubuntu-20.04": _linux("ubuntu", "20.04", "apt-get"),
    "ubuntu-22.04": _linux("ubuntu", "22.04", "apt-get"),
    "ubuntu-24.04": _linux("ubuntu", "24.04", "apt-get"),
    "debian-12": _linux("debian", "12", "apt-get"),
    "debian-13": _linux("debian", "13", "apt-get"),
    "rocky-9": _linux("rocky", "9.4", "dnf"),
    "amazon-2023": _linux("amzn", "2023", "dnf"),
    "fedora-42": _linux("fedora", "42", "dnf"),
    "arch": _linux("arch", None, "pacman"),
    "opensuse-15.6": _linux("opensuse-leap", "15.6", "zypper"),
    "alpine-3.21": _linux("alpine", "3.21.3", "apk"),
    **{
        f"macos-{release}-{architecture}": replace(_MAC, version=f"{release}.1", architecture=architecture)
        for release in (12, 13, 14, 15)
        for architecture in ("arm64", "x86_64")
    },
}


@dataclass
class Bare(FakeProcess):
    """A machine with a package manager, and no other program at all."""

    def run(self, argv: Sequence[str], **options: Any) -> Answer:
        line = " ".join(argv)
        self.answers = {**self.answers, line: _DATABASES.get(argv[0], lambda names: ABSENT)(argv)}
        return super().run(argv, **options)


_DATABASES: dict[str, Callable[[Sequence[str]], Answer]] = {
    "dpkg-query": lambda argv: ended(),
    "brew": lambda argv: ended(),
    "apk": lambda argv: ended(status=1),
    "pacman": lambda argv: ended("\n".join(argv[2:]), status=127),
    "rpm": lambda argv: ended(
        "\n".join(f"no package provides {name}" for name in argv[3:]), status=len(argv) - 3
    ),
}


def bare(host: Host) -> System:
    content = {f"/checkout/{path}": text for path, text in {**MASTER, **INSTALLERS}.items()}
    shipped = ("curl", "unzip", "zip") if host.os == "macos" else ()
    programs: dict[str, str | list[str]] = {
        name: f"/usr/bin/{name}" for name in (*host.package_managers, *shipped)
    }
    return fake_system(
        process=Bare(programs=programs),
        files=FakeFiles(content, folders=("/checkout/.git", "/home/me")),
    )


def told(system: System, report: Report) -> str:
    """The steps in a few lines each, and in words what the plan leaves to the person."""
    plan = plan_for(system, report)
    asking = {check for step in plan.steps for check in step.asked_by}
    steps = [
        "\n".join(
            [
                f"{number}. {', '.join(step.asked_by)}",
                *(line for each in step.reasons for line in wrapped(each, 100, first="   ", rest="   ")),
                f"   {step.action.what or step.action.preview}",
            ]
        )
        for number, step in enumerate(plan.steps, 1)
    ]
    left = [
        f"left to the person: {finding.id}: {finding.summary}\n   {remedy.summary}"
        for finding in report.ordered
        if finding.severity in ("failure", "warning", "unknown") and finding.id not in asking
        for remedy in finding.remedies
    ]
    here = ", ".join(report.host.brief[:2])
    return "\n\n".join([f"A bare {here}, for Milvus' master", *steps, *left])


@pytest.mark.parametrize("name", HOSTS)
def test_the_plan_for_a_bare_machine_is_as_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    system = bare(HOSTS[name])
    needs = read_needs(system, "/checkout")

    report = examine_again(system, HOSTS[name], needs, Selection(cached=False))

    assert [f.summary for f in report.findings if f.summary.startswith("the check itself")] == []
    refresh = request.config.getoption("--refresh-golden")
    assert same_as_golden(f"plans/{name}.text", told(system, report), refresh)


def test_every_distribution_with_names_has_a_plan() -> None:
    known = {each.file for host in HOSTS.values() if (each := distribution_of(host)) is not None}

    assert known == set(FILES)
    for file in ("ubuntu", "debian", "rocky", "amazon"):
        assert {f"{file}-{release}" for release in distribution(file).releases} <= set(HOSTS)
