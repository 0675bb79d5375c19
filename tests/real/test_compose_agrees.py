"""What we read in Compose files, held against what Compose itself reads there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from devtool.adapters.compose.naming import Naming
from devtool.adapters.compose.reading import read, with_file
from devtool.adapters.compose.service import pairs, size_bytes
from devtool.errors import InputError
from devtool.model.container import Service
from devtool.system import real_system
from devtool.workflows.containers.places import compose_files
from tests.fixtures.compose_files import LATER_ONLY, PROJECTS, REFUSED
from tests.fixtures.shaped_project import ERAS, shaped_project
from tests.support.engine import Compose

pytestmark = pytest.mark.real
_ENVIRONMENT = {"HOME_SET": "h"}


@pytest.mark.parametrize("name", sorted(set(PROJECTS) - set(REFUSED) - {"repeated-key"}))
def test_a_later_compose_reads_the_same(name: str, tmp_path: Path, compose_v5: Compose) -> None:
    folder = _written(tmp_path / name, PROJECTS[name])

    theirs = json.loads(_config(compose_v5, folder, "--format", "json"))
    project, ours = _ours(folder, 5)

    assert project == theirs["name"]
    assert ours == {key: _theirs(each, theirs, folder) for key, each in theirs["services"].items()}


@pytest.mark.parametrize("name", sorted(set(PROJECTS) - set(REFUSED) - set(LATER_ONLY)))
def test_the_first_compose_reads_the_same(name: str, tmp_path: Path, compose_v1: Compose) -> None:
    folder = _written(tmp_path / name, PROJECTS[name])

    theirs = yaml.safe_load(_config(compose_v1, folder))
    project, ours = _ours(folder, 1)

    assert ours == {
        key: _theirs(each, {**theirs, "name": project}, folder) for key, each in theirs["services"].items()
    }


@pytest.mark.parametrize("era", sorted(ERAS))
def test_both_read_the_same_in_a_checkout_of_milvus(
    era: str, tmp_path: Path, compose_v1: Compose, compose_v5: Compose
) -> None:
    folder = tmp_path / "milvus"
    shaped_project(folder, era=era, units=1, network="devtool-agrees", settings={"SERVER_IMAGE": "x"})

    first = yaml.safe_load(_config(compose_v1, folder))
    later = json.loads(_config(compose_v5, folder, "--format", "json"))
    project, ours = _ours(folder, 5)

    assert project == "milvus"
    for theirs in ({**first, "name": project}, later):
        assert ours == {key: _theirs(each, theirs, folder) for key, each in theirs["services"].items()}


@pytest.mark.parametrize("name", REFUSED)
def test_what_every_compose_refuses_is_refused(
    name: str, tmp_path: Path, compose_v1: Compose, compose_v5: Compose
) -> None:
    folder = _written(tmp_path / name, PROJECTS[name])

    for compose in (compose_v1, compose_v5):
        done = subprocess.run(
            [*compose.words, "config"], cwd=folder, env=dict(compose.env), capture_output=True, check=False
        )
        assert done.returncode != 0
    with pytest.raises(InputError):
        _ours(folder, 5)


def _written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for context in ("common", "dir"):  # what Compose 1 wants to find
        (folder / context).mkdir(exist_ok=True)
    return folder


def _config(compose: Compose, folder: Path, *words: str) -> str:
    return compose("config", *words, cwd=folder, **_ENVIRONMENT)


def _ours(folder: Path, major: int) -> tuple[str, dict[str, dict[str, Any]]]:
    system = real_system(str(folder))
    system = replace(system, env={"HOME": os.environ.get("HOME", "/"), **_ENVIRONMENT})
    files = compose_files(system, str(folder))
    lookup = with_file(system, f"{folder}/.env", system.env.get)
    made = read(system, files, lookup, str(folder))
    project = Naming(str(folder), lookup("COMPOSE_PROJECT_NAME"), made.name).name(major)
    return project, {key: _told(made.service(key, project, lookup, system)) for key in made.drafts}


def _told(service: Service) -> dict[str, Any]:
    return {
        "image": service.image,
        "build": _build(service.build, "/"),
        "args": dict(service.build_args),
        "platform": service.platform,
        "user": service.user,
        "working_dir": service.working_dir,
        "environment": dict(service.environment),
        "mounts": sorted((each.kind, each.source, each.target, each.read_only) for each in service.mounts),
        "depends_on": sorted(service.depends_on),
        "shm_bytes": service.shm_bytes,
        "init": service.init,
        "privileged": service.privileged,
        "cap_add": list(service.cap_add),
        "security_opt": list(service.security_opt),
    }


def _theirs(said: Mapping[str, Any], whole: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    build = said.get("build")
    build = {"context": build} if isinstance(build, str) else build
    return {
        "image": said.get("image"),
        "build": _build(build, str(folder)),
        "args": _texts((build or {}).get("args")),
        "platform": said.get("platform"),
        "user": None if said.get("user") is None else str(said["user"]),
        "working_dir": said.get("working_dir"),
        "environment": {
            key: each.replace("$$", "$") for key, each in _texts(said.get("environment")).items()
        },
        "mounts": sorted(
            made for each in said.get("volumes") or [] if (made := _mount(each, whole))[0] != "tmpfs"
        ),
        "depends_on": sorted(said.get("depends_on") or []),
        "shm_bytes": size_bytes(str(said["shm_size"]), "") if "shm_size" in said else None,
        "init": bool(said.get("init")),
        "privileged": bool(said.get("privileged")),
        "cap_add": said.get("cap_add") or [],
        "security_opt": said.get("security_opt") or [],
    }


def _texts(value: Any) -> dict[str, str]:
    return {name: str(each) for name, each in pairs(value, "").items() if each is not None}


def _build(build: Mapping[str, Any] | None, folder: str) -> dict[str, str] | None:
    if build is None:
        return None
    context = os.path.normpath(os.path.join(folder, str(build["context"])))
    target = {"target": build["target"]} if build.get("target") else {}
    return {"context": context, "dockerfile": build.get("dockerfile") or "Dockerfile", **target}


def _mount(entry: Any, whole: Mapping[str, Any]) -> tuple[str, str, str, bool]:
    if isinstance(entry, str):
        source, target, *modes = entry.split(":") if ":" in entry else ("", entry)
        kind = "bind" if source.startswith("/") else "volume"
        read_only = "ro" in ",".join(modes).split(",")
    else:
        kind, source, target = entry["type"], entry.get("source", ""), entry["target"]
        read_only = bool(entry.get("read_only"))
    if kind == "volume" and source:
        source = (whole["volumes"].get(source) or {}).get("name") or f"{whole['name']}_{source}"
    return kind, source, target, read_only
