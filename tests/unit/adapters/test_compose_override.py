"""What is laid over a checkout's Compose files, and how Compose is called."""

from __future__ import annotations

import json

import pytest

from devtool.adapters.compose.generation import Compose
from devtool.adapters.compose.invocation import Project
from devtool.adapters.compose.override import render
from devtool.model.container import Mount, Service

V1, V5 = Compose(("docker-compose",), "1.29.2", 1), Compose(("docker", "compose"), "5.6.1", 5)


def test_the_service_gets_an_init_labels_volumes_and_what_was_decided() -> None:
    service = Service("builder", "repo/env:1", platform="linux/arm64", user="1000:1000")

    made = json.loads(render(service, {"a": "b"}, [Mount("volume", "cache", "/cache")], waits=True))

    assert made == {
        "services": {
            "builder": {
                "init": True,
                "labels": {"a": "b"},
                "image": "repo/env:1",
                "platform": "linux/arm64",
                "user": "1000:1000",
                "command": ["tail", "-f", "/dev/null"],
                "volumes": [{"type": "volume", "source": "cache", "target": "/cache"}],
            }
        },
        "volumes": {"cache": {"external": True, "name": "cache"}},
    }


def test_nothing_is_said_that_was_not_decided() -> None:
    made = json.loads(render(Service("dev", None), {}, [], waits=False))

    assert made == {"services": {"dev": {"init": True, "labels": {}}}}


def test_a_dollar_in_a_path_is_no_variable() -> None:
    mount = Mount("bind", "/home/$me/x", "/x", read_only=True)

    made = json.loads(render(Service("dev", None), {"folder": "/home/$me"}, [mount], waits=False))

    assert made["services"]["dev"]["labels"] == {"folder": "/home/$$me"}
    assert made["services"]["dev"]["volumes"] == [
        {"type": "bind", "source": "/home/$$me/x", "target": "/x", "read_only": True}
    ]


@pytest.mark.parametrize("compose", [V1, V5], ids=["v1", "v5"])
def test_what_stands_is_never_made_anew_and_nothing_else_is_started(compose: Compose) -> None:
    project = Project(compose, "milvus", ("/c/docker-compose.yml", "/s/override.json"))

    assert project.up(["builder", "etcd"]) == [
        *compose.argv, "--project-name", "milvus", "-f", "/c/docker-compose.yml", "-f", "/s/override.json",
        "up", "-d", "--no-deps", "--no-recreate", "--no-build", "builder", "etcd",
    ]  # fmt: skip


def test_a_renewal_and_a_build_say_so() -> None:
    project = Project(V5, "milvus", ("/c/compose.yaml",))
    start = ["docker", "compose", "--project-name", "milvus", "-f", "/c/compose.yaml"]

    assert project.up(["dev"], renew=True, build=True) == [
        *start, "up", "-d", "--no-deps", "--force-recreate", "dev",
    ]  # fmt: skip
    assert project.build("dev") == [*start, "build", "dev"]
