"""One container for `devtool`, the `devcontainer` command and so VS Code: whoever comes first makes it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine import Command, Compose, Images, Shaped, docker, forget

pytestmark = pytest.mark.real

HOOKS = ("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A project of its own."""
    path = tmp_path / f"adopted-{uuid.uuid4().hex[:8]}"
    (path / ".devcontainer").mkdir(parents=True)
    (path / ".git").mkdir()
    yield path
    forget(path)
    for pattern in (f"devtool-{path.name}*", f"vsc-{path.name}*"):
        names = docker("images", "--filter", f"reference={pattern}", "--format", "{{.Repository}}:{{.Tag}}")
        if names:
            docker("rmi", *names.split())


def describe(folder: Path, **said: object) -> None:
    hooks = {name: f"echo {name} $GREETING >> hooks.log" for name in HOOKS}
    made = {"name": "adopted", **hooks, "containerEnv": {"GREETING": "hello"}, "remoteUser": "root", **said}
    text = f"// with a comment, as people write it\n{json.dumps(made, indent=2)}\n"
    (folder / ".devcontainer/devcontainer.json").write_text(text)


def created(command: Command, folder: Path, **more: Any) -> str:
    """What `devcontainer up` says of the container."""
    said = command("up", "--workspace-folder", str(folder), **more).stdout
    container = json.loads(said.splitlines()[-1])["containerId"]
    assert isinstance(container, str)
    return container


def standing(folder: Path) -> list[str]:
    """The containers of the folder."""
    return docker(
        "ps", "-aq", "--no-trunc", "--filter", f"label=devcontainer.local_folder={folder}"
    ).split()  # fmt: skip


@pytest.mark.parametrize("generation", ["v1", "v5"])
def test_the_reference_command_takes_what_devtool_brought_up_by_compose(
    generation: str, request: pytest.FixtureRequest, shaped: Shaped, devtool: Command, devcontainer: Command
) -> None:
    compose: Compose = request.getfixturevalue(f"compose_{generation}")
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose.env)
    (ours,) = standing(checkout)
    started = docker("inspect", ours, "--format", "{{.State.StartedAt}}")

    said = devcontainer("exec", "--workspace-folder", str(checkout), "hostname", env=compose.env)
    taken = created(devcontainer, checkout, env=compose.env)
    devtool("container", "up", cwd=checkout, env=compose.env)

    assert said.stdout.strip() == ours[:12]
    assert taken == ours
    assert standing(checkout) == [ours]
    assert docker("inspect", ours, "--format", "{{.State.StartedAt}}") == started


@pytest.mark.parametrize("generation", ["v1", "v5"])
def test_devtool_takes_what_the_reference_command_brought_up_by_compose(
    generation: str, request: pytest.FixtureRequest, shaped: Shaped, devtool: Command, devcontainer: Command
) -> None:
    compose: Compose = request.getfixturevalue(f"compose_{generation}")
    checkout = shaped()
    theirs = created(devcontainer, checkout, env=compose.env)
    before = docker("ps", "-q", "--filter", f"label=com.docker.compose.project={checkout.name}")

    said = devtool("container", "up", "--with", "etcd", cwd=checkout, env=compose.env)
    inside = devtool("container", "exec", "--", "hostname", cwd=checkout, env=compose.env)

    assert inside.stdout.strip() == theirs[:12]
    assert "older" not in said.stderr
    assert docker("ps", "-q", "--filter", f"label=com.docker.compose.project={checkout.name}") == before


@pytest.mark.parametrize("kind", ["image", "dockerfile", "compose"])
def test_whoever_comes_first_hooks_run_once_in_the_one_container(
    kind: str, folder: Path, images: Images, devtool: Command, devcontainer: Command, compose_v5: Compose
) -> None:
    _make(kind, folder, images)

    devtool("container", "up", cwd=folder, env=compose_v5.env)
    (ours,) = standing(folder)
    ran = (folder / "hooks.log").read_text()
    taken = created(devcontainer, folder, env=compose_v5.env)
    said = devcontainer("exec", "--workspace-folder", str(folder), "hostname", env=compose_v5.env)
    devtool("container", "up", cwd=folder, env=compose_v5.env)

    greeting = "" if kind == "compose" else " hello"
    assert ran == "".join(f"{name}{greeting}\n" for name in HOOKS)
    assert (folder / "hooks.log").read_text() == ran
    assert taken == ours
    assert said.stdout.strip() == ours[:12]
    assert standing(folder) == [ours]

    docker("stop", "-t", "1", ours)
    devtool("container", "up", cwd=folder, env=compose_v5.env)
    assert (folder / "hooks.log").read_text() == f"{ran}postStartCommand{greeting}\n"
    assert created(devcontainer, folder, env=compose_v5.env) == ours
    assert (folder / "hooks.log").read_text() == f"{ran}postStartCommand{greeting}\n"


@pytest.mark.parametrize("kind", ["image", "dockerfile", "compose"])
def test_devtool_takes_what_the_reference_command_made_and_runs_no_hook_again(
    kind: str, folder: Path, images: Images, devtool: Command, devcontainer: Command, compose_v5: Compose
) -> None:
    _make(kind, folder, images)
    theirs = created(devcontainer, folder, env=compose_v5.env)
    ran = (folder / "hooks.log").read_text()

    said = devtool("container", "up", cwd=folder, env=compose_v5.env)
    listed = devtool("container", "ps", "--format", "json", cwd=folder, env=compose_v5.env)
    inside = devtool("container", "exec", "--", "hostname", cwd=folder, env=compose_v5.env)

    assert "older" not in said.stderr
    assert [row["id"] for row in json.loads(listed.stdout)["containers"]] == [theirs]
    assert inside.stdout.strip() == theirs[:12]
    assert (folder / "hooks.log").read_text() == ran

    devtool("container", "down", cwd=folder, env=compose_v5.env)
    assert standing(folder) == []


def test_a_single_container_is_renewed_when_asked_and_a_failing_hook_is_told_of(
    folder: Path, images: Images, devtool: Command
) -> None:
    describe(folder, image=images.builder)
    devtool("container", "up", cwd=folder)
    before = standing(folder)
    describe(folder, image=images.builder, runArgs=["--hostname", "renewed"], postCreateCommand="exit 7")

    told = devtool("container", "up", cwd=folder)
    failed = devtool("container", "up", "--recreate", cwd=folder, status=1)

    assert "the checkout has changed its arguments since it was made" in told.stderr
    assert "devtool: `postCreateCommand` left with 7 in `" in failed.stderr
    assert "`postStartCommand`" not in failed.stderr
    assert len(standing(folder)) == 1
    assert standing(folder) != before
    assert docker("inspect", *standing(folder), "--format", "{{.Config.Hostname}}") == "renewed"


def test_a_container_that_ends_at_once_is_told_of_with_what_it_printed(
    folder: Path, images: Images, devtool: Command, compose_v5: Compose
) -> None:
    _make("compose", folder, images)
    path = folder / ".devcontainer/docker-compose.yml"
    path.write_text(path.read_text().replace("sleep infinity", "sh -c 'echo cannot serve; exit 4'"))

    said = [devtool("container", "up", cwd=folder, env=compose_v5.env, status=1).stderr for _ in range(2)]

    name = docker("ps", "-a", "--filter", f"name={folder.name}", "--format", "{{.Names}}")
    assert all(each.startswith(f"devtool: `{name}` ended at once with 4\n  cannot serve\n") for each in said)


def test_the_command_of_the_checkout_on_this_machine_runs_only_when_asked(
    folder: Path, images: Images, devtool: Command
) -> None:
    describe(folder, image=images.builder, initializeCommand="touch initialized")

    told = devtool("container", "up", cwd=folder).stderr
    before = (folder / "initialized").exists()
    devtool("container", "down", cwd=folder)
    devtool("container", "up", "--initialize", cwd=folder)

    assert "`initializeCommand` (`touch initialized`) is not run on this machine" in told
    assert (before, (folder / "initialized").exists()) == (False, True)


def _make(kind: str, folder: Path, images: Images) -> None:
    if kind == "image":
        describe(folder, image=images.builder)
    elif kind == "dockerfile":
        (folder / ".devcontainer/Dockerfile").write_text(f"FROM {images.builder}\nRUN touch /built\n")
        describe(folder, build={"dockerfile": "Dockerfile"})
    else:
        workspace = f"/workspaces/{folder.name}"
        (folder / ".devcontainer/docker-compose.yml").write_text(
            f"services:\n  dev:\n    image: {images.builder}\n    command: sleep infinity\n"
            f"    volumes: ['..:{workspace}']\n"
        )
        describe(folder, dockerComposeFile="docker-compose.yml", service="dev", workspaceFolder=workspace)
