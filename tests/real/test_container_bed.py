"""The bed that containers are tested in: engine, images, both Composes, a project that builds."""

from __future__ import annotations

import pytest

from tests.fixtures.shaped_project import WORKSPACE
from tests.support.engine import LABEL, Command, Compose, Shaped, docker

pytestmark = pytest.mark.real


def test_each_compose_builds_the_project_in_its_container(compose: Compose, shaped: Shaped) -> None:
    checkout = shaped()

    said = compose("run", "--rm", "-T", "--no-deps", "builder", "make", "milvus", "unittest", cwd=checkout)

    assert "100% tests passed" in said
    assert (checkout / "bin/milvus").is_file()


def test_the_servers_come_up_and_the_folder_leaves_no_trace(compose_v5: Compose, shaped: Shaped) -> None:
    checkout = shaped(era="2.4")

    compose_v5("up", "-d", "--wait", "etcd", "minio", "pulsar", cwd=checkout)

    assert (
        docker("ps", "-q", "--filter", f"label=com.docker.compose.project={checkout.name}").count("\n") == 2
    )


def test_the_reference_command_takes_the_project(
    devcontainer: Command, compose_v5: Compose, shaped: Shaped
) -> None:
    checkout = shaped()

    devcontainer("up", "--workspace-folder", str(checkout), env=compose_v5.env)
    said = devcontainer("exec", "--workspace-folder", str(checkout), "pwd", env=compose_v5.env)

    assert said.stdout.strip() == WORKSPACE


def test_the_stand_ins_carry_the_names_of_milvus(milvus_images: None) -> None:
    for name in ("milvusdb/milvus-env:ubuntu22.04-20260714-c135601", "milvusdb/etcd:3.5.5-r2"):
        assert docker("image", "inspect", name, "--format", "{{.Config.Labels}}") == f"map[{LABEL}:1]"
