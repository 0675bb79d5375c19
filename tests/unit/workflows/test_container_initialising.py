"""`devtool container init` on real folders: what files lead to, what is refused, and the way back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.adapters.container_templates import filled
from devtool.cli import run
from devtool.commands.container.init import command
from devtool.errors import DevtoolError, InputError
from devtool.model.recipe import Recipe
from devtool.requirements.needs import read
from devtool.system import real_system
from devtool.workflows.containers.configuring import blueprint
from devtool.workflows.containers.initialising import plan
from tests.fixtures.eras import ERAS
from tests.fixtures.small_project import small_project
from tests.support import FakeFiles, fake_system
from tests.support.homes import Home
from tests.support.jsonc import plain_json
from tests.support.machine import FakeMachine

ROOT = Path(__file__).parents[3]
OURS = (".devcontainer/Dockerfile", ".devcontainer/compose.yaml", ".devcontainer/devcontainer.json")


@pytest.fixture
def me(home: str) -> Home:
    return Home(Path(home))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return folder(tmp_path / "my project", {"go.mod": "module example.com/hello\n\ngo 1.22\n"})


def folder(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / ".git").mkdir(parents=True, exist_ok=True)
    return root


def init(me: Home, root: Path, *arguments: str) -> str:
    me.console.results.clear()
    system = replace(me.system, cwd=str(root))
    assert command.main([*arguments], standalone_mode=False, obj=system) == 0
    return "\n".join(me.console.results)


def recipe_of(root: Path) -> Recipe:
    return plan(real_system(str(root))).recipe


def texts(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() for name in OURS if (root / name).exists()}


def test_our_own_dev_container_is_what_it_yields_for_our_own_checkout() -> None:
    initialisation = plan(real_system(str(ROOT)))

    assert {file.path: file.after for file in initialisation.files} == {
        str(ROOT / name): (ROOT / name).read_text() for name in OURS
    }


def test_it_writes_three_files_that_name_the_project_and_undo_takes_them_back(
    me: Home, project: Path
) -> None:
    before = sorted(project.rglob("*"))

    said = init(me, project)

    assert [*texts(project)] == [*OURS]
    written = texts(project)
    configuration = json.loads(plain_json(written[".devcontainer/devcontainer.json"]))
    assert configuration["name"] == "my project"
    assert configuration["dockerComposeFile"] == "compose.yaml"
    assert configuration["customizations"]["vscode"]["extensions"] == ["golang.go"]
    assert configuration["postCreateCommand"] == "sudo chown -R developer: /home/developer/.cache"
    assert "  go  1.24.4 from Debian 13  `>=1.22` (go.mod:3)" in said
    assert run(["undo"], me.system) == 0
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("look", ["--dry-run", "--diff"])
def test_looking_writes_nothing(look: str, me: Home, project: Path) -> None:
    said = init(me, project, look)

    assert texts(project) == {}
    assert ("+FROM ${BASE:-debian:trixie-slim}" in said) == (look == "--diff")
    assert (".devcontainer/Dockerfile: would be made" in said) == (look == "--dry-run")


def test_a_second_run_has_nothing_to_do(me: Home, project: Path) -> None:
    init(me, project)

    said = init(me, project)

    assert said.count("nothing to change") == 3
    assert "undo" not in said


def test_what_somebody_has_changed_stays_until_it_is_forced(me: Home, project: Path) -> None:
    init(me, project)
    dockerfile = project / OURS[0]
    dockerfile.write_text(dockerfile.read_text() + "RUN true\n")

    with pytest.raises(InputError, match=r"Dockerfile` is there, and is not what would be written"):
        init(me, project)
    said = init(me, project, "--force")

    assert ".devcontainer/Dockerfile: written over" in said
    assert "RUN true" not in dockerfile.read_text()
    assert run(["undo"], me.system) == 0
    assert dockerfile.read_text().endswith("RUN true\n")


@pytest.mark.parametrize(
    "place", [".devcontainer.json", ".devcontainer/devcontainer.json", ".devcontainer/gpu/devcontainer.json"]
)
def test_a_project_that_has_a_dev_container_keeps_it(place: str, me: Home, project: Path) -> None:
    folder(project, {place: '{"image": "debian"}'})

    with pytest.raises(InputError, match="has a dev container already") as refusal:
        init(me, project)

    assert place in refusal.value.message
    assert "--force" in (refusal.value.hint or "")
    assert [*texts(project)] == ([place] if place in OURS else [])


def test_nothing_is_written_through_a_link_out_of_the_checkout(
    me: Home, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".devcontainer").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(InputError, match="leads out of the checkout"):
        init(me, project, "--force")

    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_a_file_in_place_of_the_folder_is_named(me: Home, project: Path) -> None:
    (project / ".devcontainer").write_text("")

    with pytest.raises(InputError, match="is a file, not a folder"):
        init(me, project)


def test_a_checkout_that_may_not_be_written_is_named_and_nothing_is_changed() -> None:
    files = FakeFiles(
        {"/checkout/go.mod": "module m\n\ngo 1.22\n"}, broken=("/checkout/.devcontainer/Dockerfile",)
    )

    with pytest.raises(DevtoolError, match="Dockerfile"):
        command.main([], standalone_mode=False, obj=fake_system(files=files))

    assert [*files.content] == ["/checkout/go.mod"]


def test_an_empty_folder_gets_a_shell_and_git_and_is_told_so(me: Home, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    said = init(me, empty)

    assert "nothing here says what this project needs" in said
    assert {"git", "sudo", "ca-certificates"} <= {*recipe_of(empty).packages}


@pytest.mark.parametrize(
    ("files", "base", "brought"),
    [
        ({"go.mod": "module m\n\ngo 1.22.0\n"}, "trixie", {"go": "1.24.4 from Debian 13"}),
        ({"go.mod": "module m\n\ngo 1.26\n"}, "trixie", {"go": "1.26.0 from its official archive"}),
        ({"go.mod": "module m\n\ngo 1.26.4\n"}, "trixie", {"go": "1.26.4 from its official archive"}),
        ({"Cargo.toml": 'rust-version = "1.70"\n'}, "trixie", {"rust": "1.85.1 from Debian 13"}),
        ({"Cargo.toml": 'rust-version = "1.89"\n'}, "trixie", {"rust": "1.89 by rustup"}),
        (
            {"Cargo.toml": "[package]\n", "rust-toolchain.toml": 'channel = "nightly"\n'},
            "trixie",
            {"rust": "stable by rustup"},
        ),
        (
            {"pyproject.toml": 'requires-python = ">=3.9"\n'},
            "trixie",
            {"python": "3.13.5 from Debian 13", "pip": "in ~/.venv, which is on PATH"},
        ),
        (
            {"pyproject.toml": 'requires-python = "<3.12"\n'},
            "bookworm",
            {"python": "3.11.2 from Debian 12", "pip": "in ~/.venv, which is on PATH"},
        ),
        (
            {"pyproject.toml": 'requires-python = ">=3.8, <4"\n'},
            "trixie",
            {"python": "3.13.5 from Debian 13", "pip": "in ~/.venv, which is on PATH"},
        ),
        (
            {"pyproject.toml": "", ".python-version": "3.12\n"},
            "trixie",
            {"python": "3.12 by uv", "pip": "in ~/.venv, which is on PATH"},
        ),
        ({"package.json": '{"engines": {"node": ">=18"}}'}, "trixie", {"node": "20.19.2 from Debian 13"}),
        (
            {"CMakeLists.txt": "cmake_minimum_required(VERSION 4.1)\n"},
            "trixie",
            {
                "cmake": "4.3.4 in an environment of its own",
                "ninja": "1.12.1 from Debian 13",
                "gcc": "14.2.0 from Debian 13",
            },
        ),
        (
            {"conanfile.py": "from conans import ConanFile\n"},
            "trixie",
            {"conan": "1.66.0 in an environment of its own", "gcc": "14.2.0 from Debian 13"},
        ),
        (
            {"conanfile.txt": "[requires]\n", "requirements.txt": "conan==1.59.0\n"},
            "bookworm",
            {
                "conan": "1.59.0 in an environment of its own",
                "python": "3.11.2 from Debian 12",
                "pip": "in ~/.venv, which is on PATH",
                "gcc": "12.2.0 from Debian 12",
            },
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else None,
)
def test_usual_files_say_which_tools_are_brought(
    files: dict[str, str], base: str, brought: dict[str, str], tmp_path: Path
) -> None:
    made = recipe_of(folder(tmp_path / "project", files))

    assert made.base == f"debian:{base}-slim"
    assert {each.tool: each.brought for each in made.decisions} == brought


def test_a_project_of_many_tools_gets_those_it_states_and_the_packages_it_names(tmp_path: Path) -> None:
    small_project(tmp_path, conan="1.61.0")

    made = recipe_of(tmp_path)

    assert made.base == "debian:bookworm-slim"
    assert {"uuid-dev", "pkg-config", "clang-format-15", "golang-go", "python3-venv"} <= {*made.packages}
    assert "cmake" not in made.packages
    assert made.environment == {
        "CONAN_USER_HOME": "/home/developer/.cache/conan1",
        "GOMODCACHE": "/home/developer/.cache/go-mod",
    }
    assert [block.split("\n")[0] for block in made.blocks] == [
        "# conan 1.61.0 in an environment of its own: `==1.61.0` (devtool.toml:11).",
        "# cmake 3.31.10 in an environment of its own: `>=3.26,<4` (devtool.toml:13),"
        " and Debian 12 has 3.25.1.",
    ]
    assert made.notes == ()


@pytest.mark.parametrize("era", sorted(ERAS))
def test_every_era_of_milvus_has_a_dockerfile_whose_comments_are_comments(era: str, tmp_path: Path) -> None:
    made = recipe_of(folder(tmp_path / "milvus", ERAS[era]))

    dockerfile = filled(made)[".devcontainer/Dockerfile"]

    instructions = re.sub(r"\\\n", "", dockerfile).splitlines()
    words = {line.split(" ")[0] for line in instructions if line and not line.startswith("#")}
    assert words == {"ARG", "FROM", "RUN", "USER", "ENV", "WORKDIR"}
    assert dockerfile.count("curl -f") == 2 * dockerfile.count("sha256sum -c")


def test_what_cannot_be_met_is_left_to_the_person(tmp_path: Path) -> None:
    root = folder(
        tmp_path / "project",
        {"devtool.toml": '[needs]\nnode = ">=24"\nprotoc = ">=3"\n', "package.json": "{}"},
    )

    made = recipe_of(root)

    assert made.notes == (
        "node is 20.19.2 in Debian 13, which is not `>=24` (devtool.toml:2): bring another in"
        " `.devcontainer/Dockerfile`",
        "protoc is not brought (`>=3` (devtool.toml:3)): add it to `.devcontainer/Dockerfile`",
    )


def test_the_checkout_may_say_what_else_belongs_into_it(tmp_path: Path) -> None:
    toml = """
name = "lake"
[devcontainer]
base = "debian:bookworm-slim"
packages = ["tmux"]
first_step = "make \\"all\\""
extensions = ["a.b"]
[devcontainer.environment]
GREETING = 'say "hello" to $USER'
"""
    root = folder(tmp_path / "project", {"devtool.toml": toml, "Makefile": ""})

    made = recipe_of(root)
    written = filled(made)

    assert made.base == "debian:bookworm-slim"
    assert {"tmux", "make"} <= {*made.packages}
    assert '    GREETING="say \\"hello\\" to \\$USER"\n' in written[".devcontainer/Dockerfile"]
    configuration = json.loads(plain_json(written[".devcontainer/devcontainer.json"]))
    assert configuration["postCreateCommand"].endswith(' && make "all"')
    assert configuration["customizations"]["vscode"]["extensions"] == ["a.b"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('base = "debian:sid"', "devtool.toml: `devcontainer.base` is `debian:sid`"),
        ('packages = ["a b"]', r"devtool.toml:2: `devcontainer.packages` must be names of packages"),
        ('extensions = ["x"]', r"devtool.toml:2: `devcontainer.extensions` must be extensions"),
        (
            'environment = { PATH = "/" }',
            r"devtool.toml:2: `devcontainer.environment.PATH` is not a variable",
        ),
        ("first = 1", r"devtool.toml:2: `devcontainer.first` is not a key"),
    ],
)
def test_a_wrong_wish_is_one_line_with_its_place(wrong: str, message: str, tmp_path: Path) -> None:
    root = folder(tmp_path / "project", {"devtool.toml": f"[devcontainer]\n{wrong}\n"})

    with pytest.raises(InputError, match=message):
        plan(real_system(str(root)))


def test_a_name_cannot_bring_instructions_into_the_files(tmp_path: Path) -> None:
    root = folder(tmp_path / "project", {"devtool.toml": r'name = "a\nRUN evil\n\"}"' + "\n"})

    written = filled(recipe_of(root))

    assert not re.search(r"^RUN evil", written[".devcontainer/Dockerfile"], re.MULTILINE)
    assert json.loads(plain_json(written[".devcontainer/devcontainer.json"]))["name"] == 'a RUN evil "}'


def test_mirrors_of_what_is_downloaded_are_arguments_of_the_build(tmp_path: Path) -> None:
    files = {
        "go.mod": "module m\n\ngo 1.26.4\n",
        "Cargo.toml": 'rust-version = "1.89"\n',
        "conanfile.txt": "",
    }
    root = folder(tmp_path / "project", files)

    written = filled(recipe_of(root))

    asked = re.findall(r"^ARG (\w+)", written[".devcontainer/Dockerfile"], re.MULTILINE)
    passed = re.findall(r"^        (\w+):", written[".devcontainer/compose.yaml"], re.MULTILINE)
    assert {*asked} == {*passed}
    assert {"GO_DOWNLOAD_BASE_URL", "RUSTUP_UPDATE_ROOT", "RUSTUP_DIST_SERVER", "PIP_INDEX_URL"} <= {*asked}


def test_what_guesses_for_a_dev_container_speaks_for_nothing_else(project: Path) -> None:
    assert read(real_system(str(project)), str(project)).needs.requirements == ()


@pytest.mark.parametrize(
    ("machine", "env", "told"),
    [
        (FakeMachine(uid=1234), {}, {"UID": "1234", "GID": "1234"}),
        (FakeMachine(uid=1234), {"UID": "7"}, {"GID": "1234"}),
        (FakeMachine(root=True), {}, {}),
    ],
)
def test_the_image_is_built_for_whoever_builds_it_unless_that_is_root(
    machine: FakeMachine, env: dict[str, str], told: dict[str, str]
) -> None:
    files = {f"/p/{name}": (ROOT / name).read_text() for name in OURS}
    system = fake_system(files=FakeFiles(files, folders=("/p/.git",)), machine=machine, env=env, cwd="/p")

    made = blueprint(system)

    assert made.variables == told
    assert made.project == "p_devcontainer"
    assert made.remote_user == "developer"
