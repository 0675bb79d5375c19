from __future__ import annotations

import pytest

from devtool.model.requirement import Needs
from devtool.render.requirements import requirements_json, requirements_text
from devtool.requirements.needs import read, read_needs
from tests.fixtures.eras import ERAS, MASTER, Y2024, Files
from tests.support import FakeFiles, fake_system
from tests.support.golden import same_as_golden


def needs_of(files: Files, **changes: str | None) -> Needs:
    merged = {**files, **{path: text for path, text in changes.items() if text is not None}}
    kept = {path: text for path, text in merged.items() if path not in changes or changes[path] is not None}
    content = {f"/checkout/{path}": text for path, text in kept.items()}
    return read_needs(fake_system(files=FakeFiles(content, folders=("/checkout/.git",))), "/checkout")


@pytest.mark.parametrize("era", ERAS)
def test_every_era_reads_as_its_golden_table(era: str, request: pytest.FixtureRequest) -> None:
    refresh = request.config.getoption("--refresh-golden")

    needs = needs_of(ERAS[era])

    assert same_as_golden(f"requirements/{era}.text", requirements_text(needs, None, 80), refresh)
    assert same_as_golden(f"requirements/{era}.json", requirements_json(needs), refresh)


def test_a_toolchain_called_by_the_name_of_the_default_one_is_still_asked_for_by_name() -> None:
    rust = needs_of(ERAS["branch-2.6"]).tool("rust")

    assert rust is not None
    assert (rust.specifier, rust.toolchains, rust.extra_toolchains) == ("==1.89.*", ("1.89",), ())


@pytest.mark.parametrize("era", ERAS)
def test_no_line_of_the_table_is_wider_than_the_terminal(era: str) -> None:
    text = requirements_text(needs_of(ERAS[era]), None, 80)

    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_a_recipe_for_conan_2_beside_flags_of_conan_1_is_a_conflict() -> None:
    needs = needs_of(Y2024, **{"internal/core/conanfile.py": "from conan import ConanFile\n"})

    assert needs.conflicts == (
        "inconsistent checkout: internal/core/conanfile.py:1 is for Conan 2, "
        "scripts/3rdparty_build.sh:1 for Conan 1",
    )
    conan, python = needs.tool("conan"), needs.tool("python")
    assert conan is not None
    assert (conan.specifier, conan.confidence) == (None, "unknown")
    assert python is not None
    assert python.confidence == "unknown"


def test_a_script_that_calls_clang_format_without_a_number_leaves_the_major_to_the_installer() -> None:
    script = "find . | xargs clang-format -i\n"

    found = needs_of(
        Y2024,
        **{
            "internal/core/run_clang_format.sh": script,
            "scripts/install_deps.sh": "apt install clang-format-12 clang-tidy-12\n",
        },
    ).tool("clang-format")

    assert found is not None
    assert (found.specifier, found.source) == ("==12.*", "scripts/install_deps.sh:1")


def test_compilers_that_the_pinned_conan_does_not_know_are_left_out_and_said_so() -> None:
    llvm = needs_of(Y2024).tool("llvm")

    assert llvm is not None
    assert llvm.accepted == (16, 15, 14)
    assert llvm.specifier == ">=14,<17"
    assert "Conan 1.61.0 does not know clang 17" in llvm.notes[0]


def test_no_compiler_left_is_an_error_of_the_checkout() -> None:
    loop = "for llvm_version in 21 20 NOT_FOUND ; do brew llvm\n"

    needs = needs_of(Y2024, **{"scripts/setenv.sh": loop})

    llvm = needs.tool("llvm")
    assert llvm is not None
    assert llvm.confidence == "unknown"
    assert len(needs.conflicts) == 1


def test_installer_lines_that_disagree_speak_for_nobody() -> None:
    lines = "pip3 install conan==1.61.0\npip3 install conan==1.60.0\n"

    conan = needs_of(Y2024, **{"scripts/install_deps.sh": lines}).tool("conan")

    assert conan is not None
    assert conan.specifier == "==1.61.0"
    assert conan.source == "build/docker/builder/cpu/ubuntu20.04/Dockerfile:2"
    assert ("1.60.0", "scripts/install_deps.sh:2") in {(s.value, s.source) for s in conan.also}


def test_a_higher_toolchain_line_overrules_the_go_line() -> None:
    text = "module github.com/milvus-io/milvus\n\ngo 1.22\n\ntoolchain go1.22.7\n"

    go = needs_of(MASTER, **{"go.mod": text, "pkg/go.mod": "go 1.21\n"}).tool("go")

    assert go is not None
    assert (go.specifier, go.source) == (">=1.22.7", "go.mod:5")


def test_a_pattern_that_matches_nothing_gives_unknown_and_never_a_default() -> None:
    lint = needs_of(MASTER, Makefile="lint:\n\tgolangci-lint run\n").tool("golangci-lint")

    assert lint is not None
    assert (lint.specifier, lint.confidence, lint.needed) == (None, "unknown", True)
    assert lint.notes[0] == "nothing states it where it used to stand: Makefile"


def test_an_image_with_a_variable_that_nobody_sets_is_unknown() -> None:
    image = needs_of(MASTER, **{".env": "IMAGE_REPO=milvusdb\n"}).tool("builder-image")

    assert image is not None
    assert image.confidence == "unknown"
    assert image.image is None


def test_env_is_read_and_never_sourced() -> None:
    env = 'IMAGE_REPO=milvusdb\nOS_NAME="$(touch /tmp/pwned)"\nDATE_VERSION=1\n'

    image = needs_of(MASTER, **{".env": env}).tool("builder-image")

    assert image is not None
    assert image.confidence == "unknown"


def test_a_cmake_below_4_is_advised_only_where_the_policy_is_not_set() -> None:
    old, new = needs_of(Y2024).tool("cmake"), needs_of(MASTER).tool("cmake")

    assert old is not None
    assert new is not None
    assert any("below 4" in note for note in old.notes)
    assert not any("below 4" in note for note in new.notes)


def test_windows_line_ends_read_the_same() -> None:
    needs = needs_of({path: text.replace("\n", "\r\n") for path, text in MASTER.items()})

    assert needs == needs_of(MASTER)


def test_a_checkout_without_git_is_recognised_from_a_folder_inside() -> None:
    files = FakeFiles(
        {f"/src/{path}": text for path, text in MASTER.items()}, folders=("/src/internal/core",)
    )

    needs = read_needs(fake_system(files=files, cwd="/src/internal/core"), ".")

    assert (needs.project, needs.root) == ("milvus", "/src")


def test_a_folder_that_nothing_describes_has_no_requirements() -> None:
    reading = read(fake_system(files=FakeFiles({"/home/me/a": ""}), cwd="/home/me"), ".")

    assert reading.needs == Needs(project=None, root=None)


def test_a_reading_names_every_path_that_decided_it() -> None:
    content = {f"/checkout/{path}": text for path, text in MASTER.items()}
    system = fake_system(files=FakeFiles(content, folders=("/checkout/.git",)))

    consulted = read(system, "/checkout").consulted

    assert {"/checkout/go.mod", "/checkout/.env", "/checkout/devtool.toml"} <= set(consulted)
    assert "/checkout/build/docker/builder/cpu/ubuntu22.04/Dockerfile" in consulted
