"""What can be built by name, and what is run for it."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.model.build import Target
from devtool.workflows.building.targets import Buildable, buildable, words
from tests.fixtures.eras import ERAS
from tests.support import fake_system
from tests.support.files import FakeFiles

_MAKEFILE = """\
.PHONY: all
CC := gcc
all: lib
lib : a.o
%.o: %.c
\tcc -c $<
docs/index.html: docs
check::
"""


def found(files: dict[str, str]) -> Buildable:
    system = fake_system(files=FakeFiles({f"/checkout/{name}": text for name, text in files.items()}))
    return buildable(system, "/checkout")


def test_a_project_of_its_own_is_built_by_its_commands_and_its_table() -> None:
    project = found(
        {
            "devtool.toml": """
[commands]
build = ["./configure", "make"]
test = "make check"

[build]
jobs = "MAKEFLAGS=-j{}"
memory_per_job_gib = 1.5

[build.targets]
docs = "make docs"

[build.targets.quick]
command = "make"
title = "without the tests"
environment = { SKIP_TESTS = "1" }
""",
            "Makefile": _MAKEFILE,
        }
    )

    assert project.target(None) == Target("build", "./configure && make", "everything", {}, default=True)
    assert project.target("docs") == Target("docs", "make docs", "make docs")
    assert project.target("quick") == Target("quick", "make", "without the tests", {"SKIP_TESTS": "1"})
    assert [each.name for each in project.targets] == ["build", "test", "docs", "quick", "all", "lib"]
    assert project.jobs_variables == ("MAKEFLAGS=-j{}",)
    assert project.building.memory_per_job_bytes == 3 * 1024**3 // 2


def test_a_project_that_states_nothing_is_built_by_its_makefile() -> None:
    project = found({"Makefile": _MAKEFILE})

    assert project.target(None).line == "make"
    assert [each.name for each in project.targets] == ["make", "all", "lib"]


def test_milvus_is_built_by_the_targets_that_its_makefile_has() -> None:
    there = {"milvus", "verifiers", "unittest", "test-go", "test-cpp", "milvus-gpu"}
    makefile = "".join(f"{name}:\n" for name in sorted(there))

    project = found({**ERAS[max(ERAS)], "Makefile": makefile})

    names = {each.name for each in project.targets}
    assert there | {"build", "test"} <= names
    assert not names & {"third-party", "build-go"}
    assert project.target(None).line == "make"
    assert project.jobs_variables[:2] == ("jobs", "CONAN_CPU_COUNT")


def test_what_only_newer_releases_have_is_there_only_with_them() -> None:
    new = {
        "Makefile": "build-3rdparty:\n",
        "scripts/3rdparty_build.sh": "if [[ ${SKIP_3RDPARTY} -eq 1 ]]; then\n",
    }
    module = {"go.mod": "module github.com/milvus-io/milvus\n"}

    assert found({**module, **new}).target("third-party").line == "make build-3rdparty"
    assert found({**module, **new}).target("skip-third-party").environment == {"SKIP_3RDPARTY": "1"}
    assert [each.name for each in found({**module, "Makefile": "all:\n"}).targets] == ["build", "test", "all"]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("lbi", "did you mean `lib`?"), ("xyzzy", "`devtool build --list` lists the targets")],
)
def test_an_unknown_target_is_one_line_with_the_nearest_names(asked: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        found({"Makefile": _MAKEFILE}).target(asked)

    assert (refused.value.message, refused.value.hint) == (f"checkout has no target `{asked}`", hint)


def test_a_project_that_says_nothing_at_all_is_told_where_to_say_it() -> None:
    with pytest.raises(InputError) as refused:
        found({}).target(None)

    assert refused.value.hint == 'state it in `devtool.toml`: `[commands]`, `build = ["make"]`'


@pytest.mark.parametrize(
    ("line", "args", "argv"),
    [
        ("make", (), ("make",)),
        ("make test-cpp", ("V=1", "-k"), ("make", "test-cpp", "V=1", "-k")),
        ("FOO=1 make", (), ("sh", "-c", "FOO=1 make")),
        ("./configure && make", ("a b",), ("sh", "-c", './configure && make "$@"', "sh", "a b")),
    ],
)
def test_a_plain_line_is_run_as_it_is_and_any_other_by_a_shell(
    line: str, args: tuple[str, ...], argv: tuple[str, ...]
) -> None:
    assert words(Target("x", line), args) == argv


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[build]\njobs = "-j{}"', "2: `build.jobs` must name variables such as"),
        ('[build]\njobs = "LD_PRELOAD"', "2: `build.jobs` must name variables such as"),
        ('[build]\ndefault = "all"', "2: `build.default` must be one of build, test"),
        ('[build.targets]\nbuild = "make"', "2: `build.targets.build` is what `[commands]` calls `build`"),
        ('[build.targets]\nx = ""', "2: `build.targets.x` must be a command, or a list of commands"),
        ('[build.targets]\n"a b" = "make"', "2: `build.targets.a b` is not a target's name"),
        ("[build.targets.x]\nenvironment = { PATH = '/x' }", "2: `build.targets.x.environment.PATH` is not"),
        ("[build]\nparallel = 3", "2: `build.parallel` is not a key of devtool's"),
    ],
)
def test_what_is_wrong_in_the_table_is_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        found({"devtool.toml": text})

    assert refused.value.message.startswith(f"devtool.toml:{said}")
