from __future__ import annotations

import pytest

from devtool.adapters.compose.reading import read
from devtool.errors import InputError
from devtool.model.container import Mount, Service
from devtool.system import System
from tests.fixtures.compose_files import PROJECTS
from tests.support import FakeFiles, fake_system

ROOT = "/home/me/project"


def system(files: dict[str, str]) -> System:
    return fake_system(files=FakeFiles({f"{ROOT}/{path}": text for path, text in files.items()}), cwd=ROOT)


def services(files: dict[str, str], *names: str, **variables: str) -> dict[str, Service]:
    here = system(files)
    paths = tuple(f"{ROOT}/{name}" for name in names or ("docker-compose.yml",))
    made = read(here, paths, variables.get, ROOT)
    return {name: made.service(name, "project", variables.get, here) for name in made.drafts}


def test_a_later_file_is_laid_over_an_earlier_one() -> None:
    made = services(PROJECTS["merging"], "docker-compose.yml", "docker-compose.override.yml")["a"]

    assert (made.image, made.user) == ("y", "me")
    assert made.environment == {"A": "1", "B": "3", "C": "4"}
    assert made.mounts == (
        Mount("bind", ROOT, "/w"),
        Mount("bind", f"{ROOT}/d", "/c", read_only=True),
        Mount("volume", "project_ee", "/e"),
    )
    assert made.ports == ("80:80", "81:81")
    assert made.depends_on == ("b", "c")
    assert made.build == {"context": ROOT, "dockerfile": "D"}
    assert made.build_args == {"Q": "1", "Z": "2"}
    assert made.cap_add == ("A", "B")


def test_a_later_file_may_reset_what_an_earlier_one_says() -> None:
    made = services(PROJECTS["resets"], "docker-compose.yml", "docker-compose.override.yml")["a"]

    assert made == Service("a", "x", environment={"B": "2"}, mounts=(Mount("bind", f"{ROOT}/z", "/z"),))


def test_a_service_extends_another_whose_paths_start_from_its_own_file() -> None:
    made = services(PROJECTS["extending"])["l"]

    assert (made.image, made.user) == ("l", "root")
    assert made.build == {"context": f"{ROOT}/common"}
    assert made.environment == {"FROMB": "1", "A": "1", "B": "2"}
    assert [each.source for each in made.mounts] == [f"{ROOT}/common/rel", f"{ROOT}/m"]


def test_a_volume_is_called_as_the_engine_calls_it() -> None:
    mounts = {each.target: each.source for each in services(PROJECTS["volumes"])["a"].mounts}

    assert mounts["/data"] == "project_data"
    assert mounts["/ext"] == "ext"
    assert mounts["/named"] == "my-name"
    assert mounts["/anon"] == ""
    assert mounts["/home/x"] == "/home/me/x"
    assert mounts["/o"] == f"{ROOT}/other"


def test_every_key_knows_file_and_line() -> None:
    here = system(PROJECTS["merging"])

    made = read(here, (f"{ROOT}/docker-compose.yml", f"{ROOT}/docker-compose.override.yml"), {}.get, ROOT)

    assert made.lines[("services", "a", "image")] == "docker-compose.override.yml:4"
    assert made.lines[("services", "b")] == "docker-compose.yml:11"


def test_the_variables_of_each_service_are_told_apart() -> None:
    text = "services:\n  a: {image: 'x:${A}', user: '${B:-${C}}'}\n  b: {image: '${D}'}\n"

    made = read(system({"c.yml": text}), (f"{ROOT}/c.yml",), {"A": "1"}.get, ROOT)

    assert {name: [*used] for name, used in made.used.items()} == {"a": ["A", "B", "C"], "b": ["D"]}
    assert made.blank == [(("services", "a", "user"), "C"), (("services", "b", "image"), "D")]


@pytest.mark.parametrize(
    ("service", "why"),
    [
        ("x", "docker-compose.yml:1: `a` must be a mapping"),
        ("{image: [x]}", "docker-compose.yml:1: `image` must be text"),
        ("{build: [x]}", "docker-compose.yml:1: `build` must be text"),
        ("{volumes: x}", "docker-compose.yml:1: `volumes` must be a list"),
        ("{volumes: [[x]]}", "docker-compose.yml:1: a volume must be text"),
        ("{volumes: ['x']}", "docker-compose.yml:1: `x` is no absolute path"),
        ("{environment: x}", "docker-compose.yml:1: `environment` must be"),
        ("{environment: {A: [x]}}", "docker-compose.yml:1: `environment` must"),
        ("{shm_size: big}", "docker-compose.yml:1: `big` is no size"),
        ("{depends_on: b}", "docker-compose.yml:1: `depends_on` must be"),
        ("{env_file: gone}", f"there is no `{ROOT}/gone`, which `env_file`"),
        ("{env_file: [{}]}", "docker-compose.yml:1: `env_file` must name"),
        ("{extends: b}", "docker-compose.yml:1: extends `b`, which `docker-compose.yml` does not hold"),
        ("{extends: a}", "docker-compose.yml:1: `extends` leads back to itself"),
        ("{extends: {file: x}}", "docker-compose.yml:1: `extends` must name a service"),
    ],
)
def test_what_no_compose_takes_of_a_service_is_one_clear_line(service: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        services({"docker-compose.yml": f"services: {{a: {service}}}"})

    assert raised.value.message.startswith(why)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "there is no `docker-compose.yml`"),
        ({"docker-compose.yml": "services: [a]"}, "docker-compose.yml: `services` must be a mapping"),
        ({"docker-compose.yml": "volumes: [a]"}, "docker-compose.yml: `volumes` must be a mapping"),
        ({"docker-compose.yml": "include: docker"}, "docker-compose.yml: `include` leads back"),
        ({"docker-compose.yml": "include: [gone.yml]"}, "there is no `gone.yml`"),
        ({"docker-compose.yml": "include: [{}]"}, "docker-compose.yml: `include` must name files"),
        (PROJECTS["undeclared-volume"], "docker-compose.yml:3: no `volumes` declare `nope`"),
        (PROJECTS["required"], "docker-compose.yml:4: `UNSETVAR` must be set: please set it"),
    ],
)
def test_what_no_compose_takes_of_a_file_is_one_clear_line(files: dict[str, str], why: str) -> None:
    with pytest.raises(InputError) as raised:
        services(files)

    assert raised.value.message.startswith(why)


@pytest.mark.parametrize("names", ["[docker-compose.yml]", "[docker-compose.yml, ./docker-compose.yml]"])
def test_a_file_that_includes_itself_ends_in_a_message(names: str) -> None:
    with pytest.raises(InputError) as raised:
        services({"docker-compose.yml": f"include: {names}"})

    assert "`include` leads back to itself" in raised.value.message
