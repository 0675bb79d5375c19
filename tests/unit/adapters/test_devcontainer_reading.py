from __future__ import annotations

import pytest

from devtool.adapters.devcontainer import container_id, find, mount, read
from devtool.errors import InputError
from devtool.model.container import Mount
from devtool.system import System
from tests.support import FakeFiles, fake_system

ROOT = "/home/me/tool"


def system(*paths: str, text: str = '{"image": "x"}', **env: str) -> System:
    return fake_system(files=FakeFiles({f"{ROOT}/{path}": text for path in paths}), env=env, cwd=ROOT)


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ([], []),
        ([".devcontainer.json"], [".devcontainer.json"]),
        ([".devcontainer.json", ".devcontainer/devcontainer.json"], [".devcontainer/devcontainer.json"]),
        ([".devcontainer/a/devcontainer.json", ".devcontainer.json"], [".devcontainer.json"]),
        (
            [
                ".devcontainer/b/devcontainer.json",
                ".devcontainer/a/devcontainer.json",
                ".devcontainer/x.json",
            ],
            [".devcontainer/a/devcontainer.json", ".devcontainer/b/devcontainer.json"],
        ),
        ([".devcontainer/a/b/devcontainer.json"], []),
        (["devcontainer/devcontainer.json"], ["devcontainer/devcontainer.json"]),
        (["devcontainer/devcontainer.json", ".devcontainer.json"], [".devcontainer.json"]),
    ],
)
def test_it_is_found_where_vs_code_looks_and_then_where_we_write_it(
    paths: list[str], found: list[str]
) -> None:
    assert [path.removeprefix(f"{ROOT}/") for path in find(system(*paths), ROOT)] == found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("${localEnv:WHO}", "ada"),
        ("${env:WHO}", "ada"),
        ("${localEnv:NOBODY}", ""),
        ("${localEnv:NOBODY:some:thing}", "some"),
        ("${localWorkspaceFolder}/x", f"{ROOT}/x"),
        ("${localWorkspaceFolderBasename}", "tool"),
        ("${containerWorkspaceFolder}", "/w/tool"),
        ("${containerWorkspaceFolderBasename}", "tool"),
        ("${containerEnv:PATH}:/x", "${containerEnv:PATH}:/x"),
        ("${unknown} $WHO", "${unknown} $WHO"),
    ],
)
def test_variables_stand_for_what_the_reference_says(said: str, meant: str) -> None:
    folder = "/w/${localWorkspaceFolderBasename}"
    text = f'{{"image": "x", "workspaceFolder": "{folder}", "remoteEnv": {{"V": "{said}"}}}}'

    made = read(system(".devcontainer.json", text=text, WHO="ada"), f"{ROOT}/.devcontainer.json", ROOT)

    assert made.remote_environment == {"V": meant}


def test_the_id_of_a_container_is_that_of_the_reference() -> None:
    # As the reference's `devcontainerIdForLabels` gives it for these two labels.
    expected = "03k3es3onj40bkgjccmlj9k3q6kurfqea046ipqva9cuoqp9u71c"

    assert container_id(ROOT, f"{ROOT}/.devcontainer.json") == expected


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("type=bind,source=/a,target=/b", Mount("bind", "/a", "/b")),
        ("type=bind,src=/a,dst=/b,readonly", Mount("bind", "/a", "/b", read_only=True)),
        ("source=v,destination=/b,type=volume,consistency=cached", Mount("volume", "v", "/b")),
        ("source=v,target=/b", Mount("volume", "v", "/b")),
        ({"type": "bind", "source": "/a", "target": "/b"}, Mount("bind", "/a", "/b")),
        ("type=tmpfs,target=/b", None),
        ("source=v", None),
        (7, None),
    ],
)
def test_a_mount_is_understood_in_every_form(said: object, meant: Mount | None) -> None:
    assert mount(said) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "cannot be read"),
        ("[]", "holds no object"),
        ("// nothing", "holds no object"),
        ("{}", "names no container"),
        ('{"dockerComposeFile": "c.yml"}', "names no `service` of its Compose files"),
        ('{"image": "x", "remoteUser": 7}', "`remoteUser` must be text"),
        ('{"image": "x", "runArgs": [7]}', "`runArgs` must be a list of texts"),
        ('{"image": "x", "containerEnv": []}', "`containerEnv` must map names to texts"),
        ('{"image": "${localEnv}"}', "`${localEnv}` names no variable"),
    ],
)
def test_what_is_no_devcontainer_is_one_clear_line(text: str, why: str) -> None:
    path = f"{ROOT}/.devcontainer.json"

    with pytest.raises(InputError) as raised:
        read(system(".devcontainer.json", text=text), path, ROOT)

    assert path in raised.value.message
    assert why in raised.value.message
