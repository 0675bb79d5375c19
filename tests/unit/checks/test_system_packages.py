from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.adapters.package_names import capabilities
from devtool.checks.system_packages import SPARING, SYSTEM_PACKAGE_CHECKS
from devtool.model.command import Answer
from devtool.model.packages import InstallPackages
from devtool.model.report import Finding
from devtool.model.requirement import Needs, PackageList, Statement
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined
from tests.support.process import ABSENT, HANGS

(CHECK,) = SYSTEM_PACKAGE_CHECKS
DPKG = r"dpkg-query -W -f=${Package}\t${db:Status-Status}\t${Provides}\n"
SCRIPT = "scripts/install_deps.sh"
FEDORA = replace(LINUX, distribution="fedora", version="42", package_managers=("dnf",))
ARCH = replace(LINUX, distribution="arch", version=None, package_managers=("pacman",))
ALPINE = replace(LINUX, distribution="alpine", version="3.21.3", package_managers=("apk",))
LEAP = replace(LINUX, distribution="opensuse-leap", version="15.6", package_managers=("zypper",))
MAC = replace(LINUX, os="macos", distribution="macos", version="14.5", package_managers=("brew",))


def listed(names: str, manager: str = "apt-get", **more: object) -> PackageList:
    stated = tuple(Statement(name, f"{SCRIPT}:{n}") for n, name in enumerate(names.split(), 1))
    return PackageList(manager, stated, **{"origin": "installer", **more})


def needs(*lists: PackageList, unread: tuple[str, ...] = ()) -> Needs:
    return Needs("milvus", "/checkout", packages=lists, unread=unread)


APT = needs(listed("gcc make git uuid-dev libaio-dev zip gdb", distributions=("ubuntu", "debian")))


def seen(needs: Needs, host: object = LINUX, *, programs: str = "", **answers: Answer) -> Finding:
    commands = {_LINES[name]: answer for name, answer in answers.items()}
    process = FakeProcess(commands, {name: f"/usr/bin/{name}" for name in programs.split()})
    lists = FakeFiles({"/var/lib/apt/lists/deb_main_Packages": ""})
    finding = examined(CHECK, fake_system(process=process, files=lists), needs, host)
    process.assert_used()
    return finding


_LINES = {
    "dpkg": DPKG,
    "rpm": "rpm -q --whatprovides libuuid-devel libaio-devel zip",
    "pacman": "pacman -T util-linux-libs libaio zip",
    "apk": "apk info -e util-linux-dev libaio-dev zip",
    "brew": "brew list --formula -1",
}


def test_missing_headers_are_a_failure_with_where_each_is_named_and_one_action() -> None:
    finding = seen(APT, dpkg=ended("zip\tinstalled\t\nlibaio-dev\tconfig-files\t\n"))

    assert (finding.severity, finding.summary) == (
        "failure",
        f"2 packages that this checkout names are missing: uuid-dev, libaio-dev ({SCRIPT}:4)",
    )
    assert finding.evidence == (
        f"uuid-dev (libuuid's headers): named at {SCRIPT}:4",
        f"libaio-dev (libaio): named at {SCRIPT}:5",
    )
    (action,) = finding.remedies[0].actions
    assert isinstance(action, InstallPackages)
    assert action.preview == "sudo apt-get install -y uuid-dev libaio-dev"
    assert action.fresh == ("uuid-dev", "libaio-dev")


def test_a_package_that_another_provides_is_here() -> None:
    wanted = needs(listed("pkg-config"))

    assert seen(wanted, dpkg=ended("pkgconf\tinstalled\tpkg-config (= 1.8), x\n")).severity == "ok"
    assert seen(wanted, dpkg=ended("pkgconf\tinstalled\t\n")).severity == "failure"


def test_a_program_on_path_is_as_good_as_its_package_and_without_it_the_build_is_only_warned() -> None:
    wanted = needs(listed("zip wget"))

    assert seen(wanted, programs="zip wget").severity == "ok"
    assert seen(wanted, programs="wget", dpkg=ended()).severity == "warning"


def test_what_other_checks_look_after_is_left_to_them() -> None:
    finding = seen(needs(listed("gcc-12 g++ clang-format-15 cmake ninja-build ccache python3 golang")))

    assert (finding.severity, finding.remedies) == ("skipped", ())


def test_elsewhere_the_names_of_apt_are_translated_and_said_to_be_so() -> None:
    none = ended(status=3, stdout="".join(f"no package provides {n}\n" for n in ("libuuid-devel", "zip")))

    finding = seen(APT, FEDORA, rpm=none)

    assert finding.severity == "failure"
    assert finding.evidence == (
        f"libuuid-devel (libuuid's headers): named as `uuid-dev` at {SCRIPT}:4",
        f"zip (zip): named at {SCRIPT}:6",
        "not looked up in the index of Fedora 42: libuuid-devel, zip",
    )
    assert [
        action.preview for action in finding.remedies[0].actions if isinstance(action, InstallPackages)
    ] == ["sudo dnf install -y libuuid-devel zip"]


def test_what_has_no_name_here_is_told_in_words() -> None:
    finding = seen(needs(listed("libboost-all-dev libflurbl-dev")), LEAP)

    assert (finding.severity, finding.evidence) == (
        "skipped",
        (
            f"`libboost-all-dev` has no name here that we know of ({SCRIPT}:1)",
            f"`libflurbl-dev` has no name here that we know of ({SCRIPT}:2)",
        ),
    )


def test_only_lists_for_this_machine_count() -> None:
    wanted = needs(
        listed("a-dev", distributions=("debian",), releases=("13",)),
        listed("b-dev", distributions=("ubuntu",)),
        listed("c-dev", except_releases=("12",)),
        listed("d-dev", architecture="arm64"),
        listed("e-dev", condition="[ -f x ]"),
        listed("f-devel", "dnf"),
        listed("g-dev", os="linux", distributions=("debian",), releases=("12",)),
    )

    finding = seen(wanted, dpkg=ended())

    assert finding.evidence[0] == f"g-dev (g-dev): named at {SCRIPT}:1"
    assert len(finding.evidence) == 2


def test_what_the_image_alone_has_is_a_warning() -> None:
    finding = seen(needs(listed("libaio-dev", origin="image")), dpkg=ended())

    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("host", "answer", "severity"),
    [
        (ARCH, {"pacman": ended("libaio\n", status=127)}, "failure"),
        (ARCH, {"pacman": ended()}, "ok"),
        (ALPINE, {"apk": ended("zip\nlibaio-dev\n", status=1)}, "failure"),
        (ALPINE, {"apk": ended("zip\nlibaio-dev\nutil-linux-dev\n")}, "ok"),
        (FEDORA, {"rpm": ended("a\nb\nc\n")}, "ok"),
    ],
)
def test_every_database_is_asked_in_its_own_words(
    host: object, answer: dict[str, Answer], severity: str
) -> None:
    assert seen(APT, host, **answer).severity == severity


def test_on_a_mac_formulae_are_told_by_their_true_names() -> None:
    wanted = needs(listed("pkg-config openssl libomp llvm@17", "brew", os="macos"))

    finding = seen(wanted, MAC, brew=ended("libomp\n"))

    assert finding.remedies[0].summary == "`brew install pkgconf openssl@3`"
    assert seen(wanted, MAC, brew=ended("libomp\npkgconf\nopenssl@3\n")).severity == "ok"


def test_a_source_that_is_not_enabled_at_first_comes_before_its_packages() -> None:
    rocky = replace(LINUX, distribution="rocky", version="9.4", package_managers=("dnf", "yum"), is_root=True)
    process = FakeProcess(
        {"rpm -q --whatprovides openblas-devel": ended("no package provides openblas-devel", status=1)}
    )

    finding = examined(CHECK, fake_system(process=process), needs(listed("openblas-devel", "dnf")), rocky)

    assert finding.remedies[0].summary == (
        "`dnf install -y dnf-plugins-core && dnf config-manager --set-enabled crb"
        " && dnf install -y openblas-devel`"
    )


@pytest.mark.parametrize("answer", [ABSENT, HANGS, ended(status=2), ended(status=-9)])
def test_a_database_that_does_not_answer_is_unknown(answer: Answer) -> None:
    finding = seen(APT, dpkg=answer)

    assert finding.severity == "unknown"
    assert finding.summary.startswith("cannot tell which packages are installed: `dpkg-query -W")
    assert seen(APT, FEDORA, rpm=answer).severity == "unknown"


@pytest.mark.parametrize(("distribution", "version"), [("void", None), ("debian", "10"), (None, None)])
def test_in_an_unknown_distribution_the_names_are_words(
    distribution: str | None, version: str | None
) -> None:
    finding = seen(APT, replace(LINUX, distribution=distribution, version=version))

    assert finding.severity == "skipped"
    assert finding.evidence == (
        f"libuuid's headers: `uuid-dev` ({SCRIPT}:4)",
        f"libaio: `libaio-dev` ({SCRIPT}:5)",
        f"zip: `zip` ({SCRIPT}:6)",
    )


def test_an_installer_that_cannot_be_read_is_unknown() -> None:
    finding = seen(needs(unread=(f"{SCRIPT}: line 1: a here-document",)))

    assert (finding.severity, finding.evidence) == ("unknown", (f"{SCRIPT}: line 1: a here-document",))


def test_outside_of_projects_there_is_nothing_to_ask() -> None:
    assert not CHECK.applies(LINUX, Needs(None, None))


def test_every_program_that_spares_a_package_decides_the_verdict() -> None:
    assert set(SPARING) == {program for each in capabilities().values() for program in each.programs}
