"""Which packages the installers of every era name, for which machines; nothing of them is run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import pytest

from devtool.adapters.script.lexing import ScriptError
from devtool.errors import InputError
from devtool.model.requirement import Needs, PackageList, Statement
from devtool.requirements.installing import installed
from devtool.requirements.needs import read_needs
from devtool.requirements.packages import shell_of
from devtool.requirements.places import Place
from tests.fixtures.eras import MASTER as MASTER_FILES
from tests.fixtures.installers import BRANCH_2_5, MASTER, Y2021
from tests.support import FakeFiles, fake_system


def needs_of(files: Mapping[str, str]) -> Needs:
    content = {f"/checkout/{path}": text for path, text in {**MASTER_FILES, **files}.items()}
    return read_needs(fake_system(files=FakeFiles(content, folders=("/checkout/.git",))), "/checkout")


def names(listed: PackageList) -> str:
    return " ".join(each.value for each in listed.packages)


def places(script: str) -> dict[str, Place]:
    return {each.name: each.place for each in installed(script, Place())}


def test_a_script_of_functions_arrays_and_cases_is_read_branch_by_branch() -> None:
    lists = [each for each in needs_of(MASTER).packages if each.origin == "installer"]

    told = [
        (each.manager, each.os, each.distributions, each.releases, each.except_releases, each.architecture)
        for each in lists
        if each.condition is None
    ]
    apt, releases = ("apt-get", "linux", ("ubuntu", "debian")), ("20.04", "22.04", "24.04")
    compilers = [(*apt, (each,), (), None) for each in releases]
    others = (*apt, (), releases, None)
    assert told == [
        ("brew", "macos", (), (), (), None),
        ("brew", "macos", (), (), (), "arm64"),
        (*apt, (), (), None),
        # Compilers from the array, then clang-format from the string.
        *(*compilers, others),
        ("dnf", "linux", ("rocky", "almalinux"), (), (), None),
        ("dnf", "linux", ("amzn",), (), (), None),
        ("yum", "linux", ("centos", "rhel"), (), (), None),
    ]
    jammy = next(each for each in lists if each.releases == ("22.04",))
    assert names(jammy) == "g++ gcc gfortran g++-11 gcc-11 clang-format-15 clang-tidy-15"
    conditional = [(each.condition, names(each)) for each in lists if each.condition]
    assert conditional == [
        ('[ -z "$llvm_version" ]', "llvm@17"),
        ("where the command before it fails", "clang"),
    ]


def test_every_name_points_at_the_line_that_holds_it() -> None:
    for files in (MASTER, BRANCH_2_5, Y2021):
        for listed in needs_of(files).packages:
            for each in listed.packages:
                path, _, line = each.source.rpartition(":")
                assert (
                    each.value
                    in files[path]
                    .split("\n")[int(line) - 1]
                    .replace('"', " ")
                    .replace("(", " ")
                    .replace(")", " ")
                    .split()
                )


def test_an_older_script_asks_which_manager_is_there() -> None:
    apt, yum, brew, arm = needs_of(BRANCH_2_5).packages[:4]

    assert (apt.manager, apt.os, apt.distributions, apt.condition) == ("apt-get", "linux", (), None)
    assert "libopenblas-dev" in names(apt)
    assert names(yum).startswith("epel-release centos-release-scl-rh wget")
    assert (brew.os, brew.architecture, arm.architecture) == ("macos", None, "arm64")
    assert names(arm) == "openssl librdkafka"


def test_the_script_of_2021_without_functions_is_read() -> None:
    apt, yum = [each for each in needs_of(Y2021).packages if each.origin == "installer"]

    assert apt.packages[-1] == Statement("libtbb-dev", "scripts/install_deps.sh:5")
    assert yum.packages[2] == Statement("make", "scripts/install_deps.sh:8")


def test_an_image_is_for_the_release_that_its_folder_names() -> None:
    images = [each for each in needs_of(MASTER).packages if each.origin == "image"]

    assert [(each.manager, each.distributions, each.releases) for each in images] == [
        ("dnf", ("amzn",), ("2023",)),
        ("dnf", ("rocky",), ("9",)),
        ("apt-get", ("ubuntu",), ("22.04",)),
    ]
    assert names(images[2]).endswith("libaio-dev tzdata gcc-12 g++-12")
    assert images[2].packages[-1].source == "build/docker/builder/cpu/ubuntu22.04/Dockerfile:15"


def test_a_dockerfile_keeps_its_lines_and_only_what_it_runs() -> None:
    text = "FROM a\nENV B=apt\nRUN apt install -y x \\\n# why\n    y\nCOPY z z\nrun apt install w\n"

    made = shell_of(text)

    assert made == "\n\n apt install -y x \\\n\\\n    y\n\n apt install w\n"
    assert [(each.name, each.line) for each in installed(made, Place())] == [("x", 3), ("y", 5), ("w", 7)]


def test_what_only_running_it_would_tell_is_kept_as_unread() -> None:
    script = 'apt install -y "$NAMES" lib$N-dev $(cat list) `cat list` ./a.deb https://b/c.rpm real\n'

    found = installed(script, Place())

    assert [each.name for each in found if each.readable] == ["real"]
    assert [each.name for each in found if not each.readable] == [
        "$NAMES", "lib$N-dev", "$(cat list)", "`cat list`", "./a.deb", "https://b/c.rpm",
    ]  # fmt: skip


def test_options_their_values_versions_and_redirections_are_no_packages() -> None:
    script = "sudo -E apt-get -y -o A=b install -t focal --no-install-recommends a=1.2 b:arm64 > log 2>&1\n"

    assert [each.name for each in installed(script, Place())] == ["a", "b"]


def test_other_verbs_install_nothing() -> None:
    script = (
        "apt-get remove a\nbrew upgrade\nbrew uninstall grep\ndnf config-manager --set-enabled crb\nyum\n"
    )

    assert installed(script, Place()) == []


def test_a_branch_overrides_what_was_set_before_it_and_leaves_its_siblings_alone() -> None:
    script = """
names="common"
case "$release" in
  12) names="old" ;;
  13) names="new" ;;
esac
apt install $names
"""

    assert places(script) == {
        "common": Place(except_releases=("12", "13")),
        "old": Place(releases=("12",)),
        "new": Place(releases=("13",)),
    }


def test_an_else_is_what_its_condition_leaves() -> None:
    script = 'if [[ $(arch) == "arm64" ]]; then brew install a; else brew install b; fi\n'
    unclear = "if [ -f x ]; then apt install a; elif [ -f y ]; then apt install b; else apt install c; fi\n"

    assert places(script) == {"a": Place(architecture="arm64"), "b": Place(architecture="x86_64")}
    assert [each.condition for each in places(unclear).values()] == [
        "[ -f x ]",
        "[ -f y ]",
        "unless [ -f y ]",
    ]


def test_a_condition_with_a_not_or_of_several_parts_decides_nothing() -> None:
    for condition in ("! command -v apt", "command -v apt && [ -f x ]", "[ a ] || command -v apt"):
        (place,) = places(f"if {condition}; then apt install a; fi\n").values()
        assert place.manager is None
        assert place.condition is not None


@pytest.mark.parametrize(
    "script",
    [
        "f() { f; apt install a; }\nf\n",
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}\n" for n in range(18)) + "f0\n",
        "$(" * 5000,
        "if\n" * 5000,
        "}\nfi\nesac\n;;\n)\ndone\n",
        "case\n",
        "case x in\n",
        "function\n",
        "a=(\n",
        "cat <<EOF\napt install a\nEOF\n",
        "",
    ],
)  # fmt: skip
def test_a_script_that_makes_no_sense_ends_soon_and_without_a_crash(script: str) -> None:
    with suppress(ScriptError):
        installed(script, Place())


def test_a_script_that_cannot_be_read_is_said_to_be_so() -> None:
    needs = needs_of({**MASTER, "scripts/install_deps.sh": "cat <<EOF\nx\nEOF\n"})

    assert needs.unread == ("scripts/install_deps.sh: line 1: a here-document",)
    assert {each.origin for each in needs.packages} == {"image"}


def test_a_project_of_its_own_names_its_installers() -> None:
    files = {
        "/checkout/devtool.toml": '[packages]\nscripts = "get"\nimages = "image/*/Dockerfile"\n'
        'distributions = { suse = "opensuse-leap" }\n',
        "/checkout/get": "apt-get install -y flurbl-dev\n",
        "/checkout/image/suse-15.6/Dockerfile": "FROM x\nRUN zypper in -y flurbl-devel\n",
        "/checkout/image/other/Dockerfile": "FROM x\nRUN apk add flurbl\n",
    }

    needs = read_needs(fake_system(files=FakeFiles(files, folders=("/checkout/.git",))), "/checkout")

    assert needs.packages == (
        PackageList("apt-get", (Statement("flurbl-dev", "get:1"),), "installer"),
        PackageList(
            "apk",
            (Statement("flurbl", "image/other/Dockerfile:2"),),
            "image",
            os="linux",
            condition="in the image `other`",
        ),
        PackageList(
            "zypper",
            (Statement("flurbl-devel", "image/suse-15.6/Dockerfile:2"),),
            "image",
            os="linux",
            distributions=("opensuse-leap",),
            releases=("15.6",),
        ),
    )


@pytest.mark.parametrize("path", ["../get", "/etc/get", "a/*/*/get"])
def test_an_installer_outside_of_the_checkout_is_refused(path: str) -> None:
    files = FakeFiles(
        {"/checkout/devtool.toml": f'[packages]\nscripts = "{path}"\n'}, folders=("/checkout/.git",)
    )

    with pytest.raises(InputError, match=r"devtool.toml:2: `packages.scripts` must be a path inside"):
        read_needs(fake_system(files=files), "/checkout")
