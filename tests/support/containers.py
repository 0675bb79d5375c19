"""Literal containers and blueprints for tests, and what an engine answers about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from devtool.model.container import Blueprint, Container, Mount, Service
from devtool.system.engine_call import Reply
from devtool.workflows.containers.ageing import labels

BUILDER = Service(
    name="builder",
    image="milvusdb/milvus-env:ubuntu22.04-20260714",
    platform="linux/amd64",
    environment={"CCACHE_DIR": "/ccache"},
    mounts=(Mount("bind", "/checkout", "/go/src/milvus"),),
)
ETCD = Service(name="etcd", image="milvusdb/etcd:3.5.5-r2")
MINIO = Service(name="minio", image="minio/minio:1", depends_on=("etcd",))
BLUEPRINT = Blueprint(
    checkout="/checkout",
    project="milvus",
    service=BUILDER,
    companions=(ETCD, MINIO),
    workspace="/go/src/milvus",
    compose_files=("/checkout/docker-compose.yml",),
    rests_on=("/checkout/docker-compose.yml",),
)
SINGLE = Blueprint(
    checkout="/checkout",
    project="milvus",
    service=replace(BUILDER, name="devcontainer"),
    workspace="/workspaces/checkout",
    devcontainer_file="/checkout/.devcontainer.json",
)


def container(service: str = "builder", **changes: Any) -> Container:
    """One that Compose made by our override and that runs, with changes."""
    carried = {
        "com.docker.compose.project": "milvus",
        "com.docker.compose.service": service,
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.version": "5.6.1",
        "com.docker.compose.project.working_dir": "/checkout",
        **(labels(BLUEPRINT) if service == "builder" else {}),
    }
    made = Container(
        id=f"{service}-id",
        name=f"milvus-{service}-1",
        image=str(BUILDER.image),
        state="running",
        status="Up 3 minutes",
        labels=carried,
        created=1_700_000_000,
    )
    return replace(made, **changes)


def listed(*containers: Container) -> Reply:
    """The engine's list of these."""
    rows = [
        {
            "Id": each.id,
            "Names": [f"/{each.name}"],
            "Image": each.image,
            "State": each.state,
            "Status": each.status,
            "Labels": dict(each.labels),
            "Created": each.created,
        }
        for each in containers
    ]
    return answer(rows)


def answer(body: object, status: int = 200) -> Reply:
    """An answer of the engine."""
    return Reply(status, json.dumps(body).encode() if body is not None else b"")


def asking(labels: Mapping[str, str]) -> str:
    """The question for containers with these labels."""
    wanted = json.dumps({"label": [f"{name}={value}" for name, value in labels.items()]})
    return f"GET /containers/json?all=1&filters={quote(wanted)}"


PROJECT = asking({"com.docker.compose.project": "milvus"})
FOLDER = asking({"devcontainer.local_folder": "/checkout"})
