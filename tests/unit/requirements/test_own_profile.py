"""`devtool.toml`: any project states its needs in the form of a profile."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.model.requirement import Needs, Requirement
from devtool.requirements.needs import read, read_needs
from tests.support import FakeFiles, fake_system


def needs_of(toml: str, **files: str) -> Needs:
    content = {"/srv/app/devtool.toml": toml, **{f"/srv/app/{p}": t for p, t in files.items()}}
    return read_needs(fake_system(files=FakeFiles(content), cwd="/srv/app"), ".")


def test_the_simple_form_states_specifiers_outright() -> None:
    needs = needs_of('[needs]\ngo = ">=1.22"\nmake = ""\n')

    assert needs.project == "app"
    assert needs.requirements == (
        Requirement("go", ">=1.22", "declared", "devtool.toml:2"),
        Requirement("make", "", "declared", "devtool.toml:3"),
    )


def test_the_long_form_reads_from_files_of_the_project() -> None:
    toml = """
name = "lake"
[resources]
memory_gib = 4
disk_gib = 1.5
ports = [8080]
[commands]
build = "make"
test = ["make test", "make e2e"]
[needs.node]
needed_if = { path = "package.json" }
statements = [
  { path = ".nvmrc", pattern = '^v?(\\d+(?:\\.\\d+)*)', confidence = "pinned", specifier = "=={}.*" },
  { path = "package.json", pattern = '"node": *">=(\\d+)"' },
]
"""
    files = {".nvmrc": "v20\n", "package.json": '{"engines": {"node": ">=18"}}'}
    content = {"/p/devtool.toml": toml, **{f"/p/{path}": text for path, text in files.items()}}

    reading = read(fake_system(files=FakeFiles(content), cwd="/p"), ".")

    needs, node = reading.needs, reading.needs.tool("node")
    assert (needs.project, needs.memory_bytes, needs.disk_bytes) == ("lake", 4 * 1024**3, 3 * 1024**3 // 2)
    assert needs.ports == (8080,)
    assert node is not None
    assert (node.specifier, node.confidence, node.source) == ("==20.*", "pinned", ".nvmrc:1")
    assert [(s.value, s.source) for s in node.also] == [("18", "package.json:1")]
    assert reading.profile is not None
    assert reading.profile.build == ("make",)
    assert reading.profile.test == ("make test", "make e2e")


def test_it_speaks_for_a_checkout_of_milvus_too() -> None:
    needs = needs_of('[needs]\ngo = ">=9"\n', **{"go.mod": "module github.com/milvus-io/milvus\n"})

    assert [r.tool for r in needs.requirements] == ["go"]


def test_a_glob_spreads_over_the_names_of_a_folder() -> None:
    toml = """
[needs.go]
statements = [{ path = "mods/*/go.mod", pattern = '^go (\\S+)$', among = "highest" }]
"""
    go = needs_of(toml, **{"mods/a/go.mod": "go 1.9\n", "mods/b/go.mod": "go 1.22\n"}).tool("go")

    assert go is not None
    assert (go.specifier, go.source) == (">=1.22", "mods/b/go.mod:1")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("needs = [", "devtool.toml:1: not valid TOML"),
        (
            "\n[needs]\ngo = 1.22\n",
            "devtool.toml:3: `needs.go` must be a specifier such as `>=1.22`, or a table",
        ),
        ('[needs]\ngo = "1.22"\n', "devtool.toml:2: `needs.go` is not a version specifier: `1.22`"),
        ('[needs]\n"Go!" = ""\n', "devtool.toml:2: `needs.Go!` is not a tool's name"),
        ('[need]\ngo = ""\n', "devtool.toml:1: `need` is not a key of devtool's"),
        ('needs = "go"\n', "devtool.toml:1: `needs` must be a table"),
        (
            "[resources]\nmemory_gib = true\n",
            "devtool.toml:2: `resources.memory_gib` must be a number of GiB",
        ),
        ("[resources]\nmemory_gib = nan\n", "devtool.toml:2: `resources.memory_gib` must lie between"),
        ("[resources]\n\ndisk_gib = 1e300\n", "devtool.toml:3: `resources.disk_gib` must lie between"),
        ("[resources]\nports = [99999]\n", "devtool.toml:2: `resources.ports` must be a list of TCP ports"),
        ("[resources]\nports = [[]]\n", "devtool.toml:2: `resources.ports` must be a list of TCP ports"),
        (
            "[commands]\nbuild = [1]\n",
            "devtool.toml:2: `commands.build` must be a string or a list of strings",
        ),
        ("[needs.go]\n", "devtool.toml:1: `needs.go.statements` is missing"),
        ('[needs.go]\nrule = "magic"\n', "devtool.toml:2: `needs.go.rule` must be one of statements, conan"),
        (
            "[[needs.go.statements]]\npath = 'a'\n[[needs.go.statements]]\npath = 'b'\npattern = '('\n",
            "devtool.toml:5: `needs.go.statements.pattern` is not a regular expression",
        ),
        (
            "[needs.go]\nstatements = [\n  { path = 'a', pattern = '(a+)+$' },\n]\n",
            "devtool.toml:2: `needs.go.statements.pattern` repeats a group that itself repeats",
        ),
        (
            "[[needs.go.statements]]\npath = '../secret'\n",
            "devtool.toml:2: `needs.go.statements.path` must be a path inside the checkout",
        ),
        (
            "[[needs.go.statements]]\npath = 'a'\nconfidence = 'sure'\n",
            "devtool.toml:3: `needs.go.statements.confidence` must be one of enforced",
        ),
        (
            "[[needs.go.statements]]\npath = 'a'\nspecifier = '>{x}'\n",
            "devtool.toml:3: `needs.go.statements.specifier` is not a version specifier",
        ),
    ],
)
def test_a_broken_one_is_one_line_with_file_line_and_key(toml: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        needs_of(toml)

    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message


def test_one_that_is_a_folder_is_said_to_be_one() -> None:
    files = FakeFiles({}, folders=("/p/devtool.toml",))

    with pytest.raises(InputError, match="folder"):
        read_needs(fake_system(files=files, cwd="/p"), ".")


def test_a_value_that_is_no_version_is_unknown() -> None:
    toml = "[[needs.go.statements]]\npath = 'v'\npattern = '(.*)'\n"

    go = needs_of(toml, v="$(id)\n").tool("go")

    assert go is not None
    assert go.confidence == "unknown"
    assert go.notes == ("v:1 says `$(id)`, which is not a version",)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("a" + ".a" * 100_000 + " = 1\n", "devtool.toml:1: more than 1000 dots in one line"),
        ("#\n" * 200_000, "devtool.toml: larger than 256 KiB, which no statement of needs is"),
    ],
)
def test_what_would_take_minutes_to_read_is_refused_at_once(toml: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        needs_of(toml)

    assert caught.value.message == said


def test_a_major_of_conan_that_is_no_number_is_unknown() -> None:
    toml = """
[needs.conan]
rule = "conan"
statements = [{ path = "pin", pattern = 'conan==(.+)', specifier = "=={}" }]
evidence.major = [{ path = "recipe.py", pattern = 'import (\\w+)' }]
"""

    conan = needs_of(toml, **{"pin": "conan==2.1\n", "recipe.py": "import conans\n"}).tool("conan")

    assert conan is not None
    assert (conan.specifier, conan.confidence) == (None, "unknown")
    assert conan.notes == ("recipe.py:1 says `conans`, which is no major version",)
