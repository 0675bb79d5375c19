from __future__ import annotations

from collections.abc import Mapping

import pytest

from devtool.errors import InputError
from devtool.model.container import Blueprint, Mount, Setting
from devtool.system import System
from devtool.workflows.containers.configuring import Options, blueprint
from tests.fixtures.container_projects import MILVUS, OTHERS, WORKSPACE
from tests.support import FakeFiles, FakeMachine, FakeProcess, ended, fake_system
from tests.support.process import ABSENT

ARM = FakeMachine(uname=("Linux", "6.1.0", "aarch64"))


def system(
    project: Mapping[str, str], root: str = "/home/me/milvus", machine: FakeMachine | None = None, **env: str
) -> System:
    content = {f"{root}/{path}": text for path, text in project.items()}
    files = FakeFiles(content, folders=(f"{root}/.git",))
    return fake_system(
        files=files, machine=machine, env={"HOME": "/home/me", "PATH": "/bin", **env}, cwd=root
    )


def decided(made: Blueprint) -> dict[str, tuple[str, str]]:
    return {each.name: (each.value, each.said_by) for each in made.settings}


def test_a_checkout_of_milvus_is_understood() -> None:
    made = blueprint(system(MILVUS["2026"]))

    assert made.service.image == "milvusdb/milvus-env:ubuntu22.04-20260714-c135601"
    assert (made.service.platform, made.service.user) == ("linux/amd64", None)
    assert made.service.build == {
        "context": "/home/me/milvus",
        "dockerfile": "build/docker/builder/cpu/ubuntu22.04/Dockerfile",
    }
    assert made.service.build_args == {"TARGETARCH": "amd64"}
    assert made.service.mounts == (
        Mount("bind", "/home/me/milvus", WORKSPACE),
        Mount("bind", "/home/me/milvus/.docker/amd64-ubuntu22.04-ccache", "/ccache"),
        Mount("bind", "/home/me/milvus/.docker/amd64-ubuntu22.04-conan2", "/home/milvus/.conan2"),
    )
    assert made.service.environment["CCACHE_COMPRESS"] == "1"
    assert made.service.shm_bytes == 2 * 1024**3
    assert made.service.depends_on == ("etcd", "minio")
    assert [each.name for each in made.companions] == ["etcd", "minio"]
    assert (made.project, made.workspace) == ("milvus", WORKSPACE)
    assert made.compose_files == ("/home/me/milvus/docker-compose.yml",)
    assert made.remote_environment == {"GOPROXY": "https://goproxy.example"}
    assert made.notes == ()


def test_every_decision_says_whose_it_is() -> None:
    made = decided(blueprint(system(MILVUS["2026"])))

    assert made["service"] == ("builder", "milvus.toml")
    assert made["image"] == ("milvusdb/milvus-env:ubuntu22.04-20260714-c135601", "docker-compose.yml:9")
    assert made["platform"] == ("linux/amd64", ".env:4")
    assert made["OS_NAME"] == ("ubuntu22.04", ".env:5")
    assert made["workspace"] == (WORKSPACE, "its mount")
    assert made["project"] == ("milvus", "the folder's name")
    assert "GPU_DATE_VERSION" not in made


@pytest.mark.parametrize(
    ("era", "image", "conan"),
    [
        ("2024", "milvusdb/milvus-env:ubuntu20.04-20240520-d27db99", "conan"),
        ("2022", "milvusdb/milvus-env:amd64-ubuntu20.04-20220915-18817a4", None),
        ("2021", "milvusdb/milvus-env:amd64-ubuntu18.04-20210428-144501", None),
    ],
)
def test_older_checkouts_of_milvus_are_understood(era: str, image: str, conan: str | None) -> None:
    made = blueprint(system(MILVUS[era]))

    assert made.service.image == image
    assert made.workspace == WORKSPACE
    assert made.devcontainer_file == "/home/me/milvus/.devcontainer.json"
    assert any(each.source.endswith(f"-{conan}") for each in made.service.mounts) == (conan is not None)


def test_what_vs_code_names_and_a_script_would_generate_need_not_be_there() -> None:
    made = blueprint(system(MILVUS["2026"]))

    assert made.devcontainer_file == "/home/me/milvus/.devcontainer.json"
    assert made.hooks == {}  # the script that would generate it is not needed


def test_the_environment_counts_before_the_file_of_variables() -> None:
    # `build/builder.sh` sources `.env` over the environment, so that this was ignored.
    made = blueprint(system(MILVUS["2026"], OS_NAME="rockylinux9"))

    assert made.service.image == "milvusdb/milvus-env:rockylinux9-20260714-c135601"
    assert made.service.environment["OS_NAME"] == "rockylinux9"
    assert decided(made)["OS_NAME"] == ("rockylinux9", "the environment")
    assert made.variables == {}


def test_a_flag_counts_before_the_environment_and_is_passed_on_to_compose() -> None:
    options = Options(os_name="amazonlinux2023", variables={"DATE_VERSION": "mine"})

    made = blueprint(system(MILVUS["2026"], OS_NAME="rockylinux9", DATE_VERSION="theirs"), options)

    assert made.service.image == "milvusdb/milvus-env:amazonlinux2023-mine"
    assert decided(made)["OS_NAME"] == ("amazonlinux2023", "--os")
    assert decided(made)["DATE_VERSION"] == ("mine", "--set")
    assert made.variables == {"OS_NAME": "amazonlinux2023", "DATE_VERSION": "mine"}


def test_the_architecture_is_this_machines_whatever_the_file_of_variables_says() -> None:
    made = blueprint(system(MILVUS["2026"], machine=ARM))

    assert made.service.platform == "linux/arm64"
    assert made.service.mounts[1].source == "/home/me/milvus/.docker/arm64-ubuntu22.04-ccache"
    assert made.variables == {"IMAGE_ARCH": "arm64"}
    assert decided(made)["platform"] == ("linux/arm64", "the host")
    assert made.notes == (
        ".env:4 says amd64, and this machine is arm64: it builds for itself;"
        " `--platform linux/amd64` takes the other",
    )


@pytest.mark.parametrize(
    ("env", "platform", "architecture", "said_by"),
    [
        ({"PLATFORM_ARCH": "arm64"}, None, "arm64", "the environment (`PLATFORM_ARCH`)"),
        ({"IMAGE_ARCH": "arm64"}, None, "arm64", "the environment (`IMAGE_ARCH`)"),
        (
            {"IMAGE_ARCH": "amd64", "PLATFORM_ARCH": "arm64"},
            None,
            "arm64",
            "the environment (`PLATFORM_ARCH`)",
        ),
        ({"PLATFORM_ARCH": "arm64"}, "linux/amd64", "amd64", "--platform"),
        ({}, "aarch64", "arm64", "--platform"),
        (
            {"DOCKER_DEFAULT_PLATFORM": "linux/arm64"},
            None,
            "arm64",
            "the environment (`DOCKER_DEFAULT_PLATFORM`)",
        ),
        (
            {"DOCKER_DEFAULT_PLATFORM": "linux/arm64", "IMAGE_ARCH": "amd64"},
            None,
            "amd64",
            "the environment (`IMAGE_ARCH`)",
        ),
    ],
)
def test_who_decides_the_architecture(
    env: dict[str, str], platform: str | None, architecture: str, said_by: str
) -> None:
    made = blueprint(system(MILVUS["2026"], **env), Options(platform=platform))

    assert made.service.platform == f"linux/{architecture}"
    assert decided(made)["platform"] == (f"linux/{architecture}", said_by)
    assert made.variables == {"IMAGE_ARCH": architecture}


@pytest.mark.parametrize("kind", ["plain", "image", "dockerfile"])
def test_dockers_own_variable_decides_where_the_files_do_not(kind: str) -> None:
    made = blueprint(system(OTHERS[kind], DOCKER_DEFAULT_PLATFORM="linux/s390x"))

    stated = "linux/arm64" if kind == "image" else None
    assert made.service.platform == (stated or "linux/s390x")
    assert decided(made)["platform"][1] == (
        ".devcontainer/devcontainer.json" if stated else "the environment (`DOCKER_DEFAULT_PLATFORM`)"
    )


def test_images_of_one_architecture_each_stay_what_the_project_publishes() -> None:
    made = blueprint(system(MILVUS["2022"], machine=ARM))

    assert made.service.image == "milvusdb/milvus-env:amd64-ubuntu20.04-20220915-18817a4"
    assert made.notes == (".env:4 takes amd64, which this arm64 machine has to emulate",)


def test_the_service_for_graphics_processors_is_the_persons_as_its_comment_asks() -> None:
    made = blueprint(system(MILVUS["2026"]), Options(gpu=True))

    assert made.service.image == "milvusdb/milvus-env:gpu-ubuntu22.04-20260714-c135601"
    assert made.service.user == "1000:1000"
    assert decided(made)["user"] == ("1000:1000", "you, as docker-compose.yml:38 asks")
    assert made.devcontainer_file is None
    assert [each.name for each in made.companions] == ["etcd", "minio"]


def test_a_comment_of_another_service_asks_for_nothing() -> None:
    assert blueprint(system(MILVUS["2026"])).service.user is None


def test_an_image_that_is_asked_for_is_not_built() -> None:
    made = blueprint(system(MILVUS["2026"]), Options(image="mine:1"))

    assert (made.service.image, made.service.build) == ("mine:1", None)
    assert decided(made)["image"] == ("mine:1", "--image")


def test_a_variable_that_nobody_sets_is_told_where_it_decides() -> None:
    project = {**MILVUS["2026"], ".env": "IMAGE_REPO=milvusdb\nIMAGE_ARCH=amd64\nOS_NAME=ubuntu22.04\n"}

    made = blueprint(system(project))

    assert made.service.image == "milvusdb/milvus-env:ubuntu22.04-"
    assert made.notes == ("nobody sets `DATE_VERSION`, which `image` of `builder` names: it counts as empty",)


def test_a_devcontainer_of_one_image() -> None:
    made = blueprint(system(OTHERS["image"], "/home/me/tool", WHO="ada"))

    assert made.service.image == "debian:bookworm"
    assert made.workspace == "/workspaces/tool"
    assert made.service.environment == {"FROM": "ada", "AT": "/workspaces/tool"}
    assert made.service.mounts[0] == Mount("bind", "/home/me/tool", "/workspaces/tool")
    assert made.service.mounts[2] == Mount("bind", "/home/me/tool/tools", "/tools")
    assert made.service.ports == ("3000:3000", "8921:5000")
    assert (made.service.platform, made.service.shm_bytes) == ("linux/arm64", 1024**3)
    assert made.remote_user == "vscode"
    assert made.remote_environment == {"PATH": "${containerEnv:PATH}:/opt/bin"}
    assert made.hooks == {
        "onCreateCommand": (("/bin/sh", "-c", "make one"), ("make", "two")),
        "postCreateCommand": (("/bin/sh", "-c", "make deps"),),
        "postStartCommand": (("make", "ready"),),
    }
    assert (made.compose_files, made.devcontainer_file) == (
        (),
        "/home/me/tool/.devcontainer/devcontainer.json",
    )
    assert made.notes == (
        "only VS Code and `devcontainer` install the features ghcr.io/devcontainers/features/go:1",
    )


def test_a_platform_that_is_asked_for_takes_the_place_of_the_files_own() -> None:
    made = blueprint(system(OTHERS["image"]), Options(platform="linux/amd64"))

    assert made.service.platform == "linux/amd64"
    assert made.run_arguments == ("--cap-add=SYS_PTRACE", "--shm-size=1g")


def test_a_devcontainer_of_a_dockerfile() -> None:
    made = blueprint(system(OTHERS["dockerfile"], "/home/me/tool"))

    assert made.service.image is None
    assert made.service.build == {
        "context": "/home/me/tool",
        "dockerfile": "/home/me/tool/docker/Dockerfile",
        "target": "dev",
    }
    assert made.service.build_args == {"WHO": "nobody"}
    assert made.service.mounts == (Mount("bind", "/home/me/tool", "/w"),)
    assert made.workspace == "/w"


def test_a_devcontainer_of_compose() -> None:
    made = blueprint(system(OTHERS["compose"], "/home/me/tool"))

    assert made.project == "tool_devcontainer"
    assert made.service.image == "app:beside"
    assert made.service.mounts == (
        Mount("bind", "/home/me/tool", "/workspace"),
        Mount("volume", "history", "/history"),
    )
    assert made.service.environment == {"ADDED": "1"}
    assert (made.workspace, made.remote_user) == ("/workspace", "dev")
    assert decided(made)["service"] == ("app", ".devcontainer/devcontainer.json")
    assert [each.name for each in made.companions] == ["db"]


def test_of_several_devcontainers_one_is_named() -> None:
    with pytest.raises(InputError) as raised:
        blueprint(system(OTHERS["several"]))
    made = blueprint(system(OTHERS["several"]), Options(config=".devcontainer/gpu/devcontainer.json"))

    assert raised.value.message == (
        "this checkout has several dev containers:"
        " `.devcontainer/cpu/devcontainer.json`, `.devcontainer/gpu/devcontainer.json`"
    )
    assert raised.value.hint == "name one by `--config PATH`"
    assert made.service.image == "gpu"


def test_compose_files_alone_are_understood_by_what_mounts_the_checkout() -> None:
    made = blueprint(system(OTHERS["plain"], "/home/me/tool"))

    assert decided(made)["service"] == ("dev", "it alone mounts the checkout")
    assert decided(made)["project"] == ("chosen-by-file", "compose.yaml:1")
    assert made.service.user == "1234:1234"
    assert decided(made)["user"] == ("1234:1234", "compose.override.yaml:1")
    assert made.compose_files == ("/home/me/tool/compose.yaml", "/home/me/tool/compose.override.yaml")
    assert made.devcontainer_file is None


def test_a_project_says_in_its_own_file_where_its_container_is_described() -> None:
    made = blueprint(system(OTHERS["own"], machine=ARM), Options(os_name="fedora"))

    assert made.compose_files == ("/home/me/milvus/build/compose.yml", "/home/me/milvus/build/dev.yml")
    assert made.service.image == "work:fedora"
    assert made.service.init
    assert made.service.platform == "linux/arm64"
    assert made.notes[0].startswith("build/compose.yml:2 says amd64, and this machine is arm64")
    assert made.project == "build"
    assert decided(made)["service"] == ("work", "devtool.toml")
    assert made.companions == ()


def test_it_is_found_from_a_folder_below() -> None:
    here = system(MILVUS["2026"])
    below = fake_system(files=here.files, env=here.env, cwd="/home/me/milvus/internal/core")

    assert blueprint(below).checkout == "/home/me/milvus"


@pytest.mark.parametrize(
    ("project", "options", "message"),
    [
        ({"README": ""}, Options(), "`/home/me/milvus` describes no dev container"),
        ({"compose.yaml": "services:"}, Options(), "`compose.yaml` describes no service"),
        (
            {"compose.yaml": "services: {a: {image: a}, b: {image: b}}"},
            Options(),
            "no service mounts the checkout: which one is the dev container cannot be told",
        ),
        (
            {"compose.yaml": "services: {a: {volumes: ['.:/w']}, b: {volumes: ['.:/w']}}"},
            Options(),
            "a, b mount the checkout: which one is the dev container cannot be told",
        ),
        (MILVUS["2026"], Options(service="nope"), "there is no service `nope`"),
        (MILVUS["2022"], Options(gpu=True), "this checkout has no service for graphics processors"),
        (MILVUS["2026"], Options(platform="linux/toaster"), "`linux/toaster` is no platform"),
        (OTHERS["plain"], Options(os_name="x"), "this project does not say which variable chooses"),
        (OTHERS["image"], Options(gpu=True), "`--gpu` is for Compose files, and this dev container has none"),
        ({".devcontainer.json": "{"}, Options(), "`/home/me/milvus/.devcontainer.json` cannot be read"),
        ({".devcontainer.json": "{}"}, Options(), "`/home/me/milvus/.devcontainer.json` names no container"),
        (
            {".devcontainer.json": '{"dockerComposeFile": "made.yml", "service": "a"}'},
            Options(),
            "`/home/me/milvus/.devcontainer.json` names `/home/me/milvus/made.yml`, which is not there",
        ),
        (
            {"compose.yaml": "services: {a: {image: 'x:${V:?needs a version}'}}"},
            Options(),
            "compose.yaml:1: `V` must be set: needs a version",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_one_clear_line(
    project: dict[str, str], options: Options, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        blueprint(system(project), options)

    assert raised.value.message.startswith(message)
    assert raised.value.exit_status == 2


def test_which_compose_is_there_decides_a_name_on_which_the_generations_differ() -> None:
    content = {"/home/me/_work/compose.yaml": "services: {a: {image: a, volumes: ['.:/w']}}"}
    answers = {"docker compose version --short": ABSENT, "docker-compose version --short": ended("1.29.2")}

    def named(process: FakeProcess) -> Setting:
        files = FakeFiles(content, folders=("/home/me/_work/.git",))
        made = blueprint(fake_system(files=files, process=process, cwd="/home/me/_work"))
        process.assert_used()
        return next(each for each in made.settings if each.name == "project")

    first = named(FakeProcess(answers=answers))
    later = named(FakeProcess(answers={**answers, "docker compose version --short": ended("2.26.1")}))

    assert (first.value, later.value) == ("_work", "work")


def test_all_that_it_rests_on_is_told() -> None:
    made = blueprint(system(MILVUS["2026"], OS_NAME="rockylinux9"))

    root = "/home/me/milvus/"
    below = {path.removeprefix(root) for path in made.rests_on if path.startswith(root)}
    assert {*MILVUS["2026"], "devtool.toml", "docker-compose.override.yml"} <= below
    assert ".devcontainer/devcontainer.json" in below
    assert {"OS_NAME", "DATE_VERSION", "USE_ASAN", "COMPOSE_PROJECT_NAME"} <= set(made.asked)


def test_included_files_of_variables_and_of_services_are_among_it() -> None:
    project = {
        "compose.yaml": "include: [more.yaml]\n"
        "services: {a: {extends: {file: base.yaml, service: b}, env_file: x.env}}",
        "more.yaml": "services: {m: {image: m}}",
        "base.yaml": "services: {b: {image: b, volumes: ['.:/w']}}",
        "x.env": "A=1",
    }

    made = blueprint(system(project))

    assert {f"/home/me/milvus/{name}" for name in project} <= set(made.rests_on)
    assert made.service.environment == {"A": "1"}
    assert [each.name for each in made.companions] == ["m"]


@pytest.mark.parametrize(
    ("env", "written", "files"),
    [
        ({"COMPOSE_FILE": "docker-compose.yml:mine.yml"}, "", ["docker-compose.yml", "mine.yml"]),
        ({}, "COMPOSE_FILE=docker-compose.yml:mine.yml\n", ["docker-compose.yml", "mine.yml"]),
        ({"COMPOSE_FILE": "docker-compose.yml;mine.yml", "COMPOSE_PATH_SEPARATOR": ";"}, "",
         ["docker-compose.yml", "mine.yml"]),
        ({"COMPOSE_FILE": "docker-compose.yml"}, "COMPOSE_FILE=mine.yml\n", ["docker-compose.yml"]),
        ({}, "", ["docker-compose.yml", "docker-compose.override.yml"]),
    ],
)  # fmt: skip
def test_compose_files_are_those_that_compose_would_take(
    env: dict[str, str], written: str, files: list[str]
) -> None:
    project = {
        **MILVUS["2026"],
        ".env": MILVUS["2026"][".env"] + written,
        "mine.yml": "services: {builder: {user: me}}",
        "docker-compose.override.yml": "services: {builder: {user: other}}",
    }

    made = blueprint(system(project, **env))

    assert [path.removeprefix("/home/me/milvus/") for path in made.compose_files] == files
    assert made.service.user == {"mine.yml": "me", "docker-compose.override.yml": "other"}.get(files[-1])


def test_a_compose_file_that_is_named_and_not_there_is_said() -> None:
    with pytest.raises(InputError) as raised:
        blueprint(system(MILVUS["2026"], COMPOSE_FILE="gone.yml"))

    assert raised.value.message == (
        "there is no `/home/me/milvus/gone.yml`, which `COMPOSE_FILE` names (the environment)"
    )


def test_files_of_variables_that_are_named_take_the_place_of_the_one_beside() -> None:
    project = {**MILVUS["2026"], "one": "OS_NAME=a\nIMAGE_REPO=r\nDATE_VERSION=1\n", "two": "OS_NAME=b\n"}

    made = blueprint(system(project, COMPOSE_ENV_FILES="one,two"))

    assert made.service.image == "r/milvus-env:b-1"
    assert decided(made)["OS_NAME"] == ("b", "two:1")
    assert made.variables["COMPOSE_ENV_FILES"] == "/home/me/milvus/one,/home/me/milvus/two"
