from __future__ import annotations

import dataclasses

import pytest

from devtool.checks.go import GO
from devtool.model.command import Answer
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.toolchain import InstallArchive
from tests.support import FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

NEED = need("go", ">=1.26.5", source="go.mod:3")
VERSION = "go version"
DATA = "/home/me/.local/share/devtool"
ARCHIVE = InstallArchive(
    tool="go",
    version="1.26.5",
    url="https://go.dev/dl/go1.26.5.linux-amd64.tar.gz",
    checksum_url="https://dl.google.com/go/go1.26.5.linux-amd64.tar.gz.sha256",
    folder=f"{DATA}/toolchains/go-1.26.5",
    shims=((f"{DATA}/bin/go", "go/bin/go"), (f"{DATA}/bin/gofmt", "go/bin/gofmt")),
    reason="go.mod:3 asks for Go `>=1.26.5`",
    without=("GOROOT", "GOTOOLDIR"),
)
POLICY = "go env GOTOOLCHAIN"


def seen(version: Answer, policy: Answer | None = None, env: dict[str, str] | None = None) -> Finding:
    answers = {VERSION: version, **({POLICY: policy} if policy else {})}
    here = version.outcome != "absent"
    process = FakeProcess(answers, {"go": "/usr/local/go/bin/go"} if here else {})
    finding = examined(GO, fake_system(process=process, env={"HOME": "/home/me", **(env or {})}), needs(NEED))
    process.assert_used()
    return finding


def go(version: str) -> Answer:
    return ended(f"go version go{version} linux/amd64\n")


@pytest.mark.parametrize("version", ["1.26.5", "1.26.10", "1.27"])
def test_a_go_that_is_new_enough_is_ok(version: str) -> None:
    finding = seen(go(version))

    assert (finding.severity, finding.summary) == ("ok", f"go {version}")


@pytest.mark.parametrize("policy", ["auto", "go1.22.0+auto", "go1.26.5", "local+auto"])
def test_an_older_go_that_may_fetch_the_toolchain_is_ok_and_says_so(policy: str) -> None:
    finding = seen(go("1.24.3"), ended(f"{policy}\n"))

    assert finding.severity == "ok"
    assert finding.summary == "go 1.24.3 fetches the toolchain `>=1.26.5` that go.mod:3 asks for"
    assert finding.evidence[-1] == f"GOTOOLCHAIN={policy}"


@pytest.mark.parametrize("policy", ["local", "path", "go1.25.0", "go1.25.0+path"])
def test_an_older_go_that_may_not_fetch_is_a_failure(policy: str) -> None:
    finding = seen(go("1.24.3"), ended(f"{policy}\n"))

    assert finding.severity == "failure"
    assert finding.summary == (
        f"go 1.24.3 does not satisfy `>=1.26.5` (go.mod:3), and `GOTOOLCHAIN={policy}` keeps it from "
        "fetching one that does"
    )
    action = finding.remedies[0].actions[0]
    assert action.preview == "go env -w GOTOOLCHAIN=auto"
    assert getattr(action, "undo_argv", None) == ("go", "env", "-w", f"GOTOOLCHAIN={policy}")


def test_a_policy_from_the_environment_is_for_the_person_to_unset() -> None:
    finding = seen(go("1.24.3"), ended("local\n"), {"GOTOOLCHAIN": "local"})

    assert finding.remedies[0].actions == ()
    assert finding.remedies[0].summary.startswith("`unset GOTOOLCHAIN`")
    # `local` keeps a Go from fetching, and one of the right version has nothing to fetch.
    assert finding.remedies[1].actions == (ARCHIVE,)


def test_a_policy_that_names_a_version_would_lead_away_from_a_go_of_the_right_one() -> None:
    finding = seen(go("1.24.3"), ended("go1.22.0\n"), {"GOTOOLCHAIN": "go1.22.0"})

    assert [remedy.actions for remedy in finding.remedies] == [(), ()]


def test_a_go_before_toolchains_cannot_fetch_and_is_too_old() -> None:
    finding = seen(go("1.19.8"))

    assert (finding.severity, finding.summary) == (
        "failure",
        "go 1.19.8 does not satisfy `>=1.26.5` (go.mod:3)",
    )
    assert finding.remedies[0].actions == (ARCHIVE,)


def test_an_absent_go_is_a_failure() -> None:
    finding = seen(ABSENT)

    assert finding.severity == "failure"
    assert finding.summary == "go is not on PATH; this checkout needs `>=1.26.5` (go.mod:3)"
    assert finding.remedies == (
        Remedy("`devtool doctor --fix --only go` installs Go 1.26.5 apart from everything else", (ARCHIVE,)),
        Remedy("install Go `>=1.26.5` from https://go.dev/dl and put its `bin` first on PATH"),
    )


def test_where_go_has_no_release_only_a_person_can_install() -> None:
    other = dataclasses.replace(LINUX, architecture="riscv64")

    finding = examined(GO, fake_system(process=FakeProcess({VERSION: ABSENT})), needs(NEED), other)

    assert [remedy.actions for remedy in finding.remedies] == [()]


def test_homebrew_carries_a_go_that_fits() -> None:
    host = dataclasses.replace(LINUX, os="macos", distribution="macos", package_managers=("brew",))

    finding = examined(GO, fake_system(process=FakeProcess({VERSION: ABSENT})), needs(NEED), host)

    assert finding.remedies[0].actions[0].preview == "brew install go"
    assert finding.remedies[1].actions[0].needs_root is False


@pytest.mark.parametrize(
    "answer", [HANGS, ended("go version devel"), ended(status=2), ended(outcome="refused")]
)
def test_a_go_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert seen(answer).severity == "unknown"


def test_a_policy_that_cannot_be_asked_for_is_unknown() -> None:
    finding = seen(go("1.24.3"), HANGS)

    assert (finding.severity, finding.summary) == (
        "unknown",
        "`go env GOTOOLCHAIN` did not answer within 5 s",
    )


def test_a_policy_of_no_known_form_is_unknown() -> None:
    finding = seen(go("1.24.3"), ended("warning: hello\nauto\n"))

    assert (finding.severity, finding.summary) == (
        "unknown",
        "`go env GOTOOLCHAIN` printed no setting that we know",
    )


def test_a_release_candidate_comes_before_its_release() -> None:
    process = FakeProcess({VERSION: go("1.26rc1"), POLICY: ended("local\n")})

    finding = examined(GO, fake_system(process=process), needs(need("go", ">=1.26")))

    assert finding.severity == "failure"


def test_a_checkout_that_names_no_version_takes_any() -> None:
    process = FakeProcess({VERSION: go("1.18")})

    finding = examined(GO, fake_system(process=process), needs(need("go", "")))

    assert finding.severity == "ok"


@pytest.mark.parametrize(
    ("specifier", "root", "expected"),
    [
        (">=1.19", True, [InstallPackages, InstallArchive]),
        (">=1.19", False, [InstallArchive, InstallPackages]),
        (">=1.20", True, [InstallArchive]),
    ],
)
def test_the_distribution_gives_an_absent_go_where_its_own_fits_and_root_is_ours(
    specifier: str, root: bool, expected: list[type]
) -> None:
    debian = dataclasses.replace(
        LINUX, distribution="debian", version="12", package_managers=("apt-get",), is_root=root
    )
    system = fake_system(process=FakeProcess({VERSION: ABSENT}), env={"HOME": "/home/me"})

    finding = examined(GO, system, needs(need("go", specifier)), debian)

    offered = [type(action) for remedy in finding.remedies for action in remedy.actions]
    assert offered == expected
