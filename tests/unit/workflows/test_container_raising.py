"""Which container is the checkout's, when it is left alone, and what taking it down touches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest

from devtool.errors import DevtoolError, InputError
from devtool.model.container import Container
from devtool.workflows.containers.listing import find, listing
from devtool.workflows.containers.lowering import Lowered, down
from devtool.workflows.containers.raising import current, up
from devtool.workflows.containers.starting import work_inside
from tests.support import FakeConsole, FakeFiles, FakeNetwork, fake_system
from tests.support.containers import BLUEPRINT, FOLDER, PROJECT, SINGLE, answer, container, listed

OLDER = replace(BLUEPRINT, service=replace(BLUEPRINT.service, image="milvusdb/milvus-env:new"))


def engine(*found: Container, **more: object) -> FakeNetwork:
    return FakeNetwork(engine={PROJECT: [listed(*found)], FOLDER: [listed(*found)]})


def test_what_runs_is_taken_by_one_question_and_no_program() -> None:
    network = engine(container(), container("etcd"))

    found = up(fake_system(network=network), BLUEPRINT)

    assert found == container()
    assert len(network.engine_calls) == 1


def test_services_that_run_beside_it_cost_no_further_question() -> None:
    network = engine(container(), container("etcd"), container("minio"))

    up(fake_system(network=network), BLUEPRINT, with_services=("minio",))

    assert len(network.engine_calls) == 1


def test_that_it_is_older_is_said_and_it_is_left_alone() -> None:
    network, console = engine(container()), FakeConsole()

    found = up(fake_system(network=network, console=console), OLDER)

    assert found.id == "builder-id"
    assert console.notes == [
        "`milvus-builder-1` is older than the checkout: it was made from "
        "`milvusdb/milvus-env:ubuntu22.04-20260714`, and the checkout asks for `milvusdb/milvus-env:new`",
        "  `devtool container up --recreate` renews it; what was installed inside is lost",
    ]
    assert len(network.engine_calls) == 1


def test_a_service_that_is_not_there_is_bad_input() -> None:
    with pytest.raises(InputError) as error:
        up(fake_system(network=engine(container())), BLUEPRINT, with_services=("kafka",))

    assert error.value.message == "there is no service `kafka`"
    assert error.value.hint == "there are: etcd, minio"


def test_one_that_runs_comes_before_one_that_does_not() -> None:
    gone = container(id="older", state="exited")

    assert current(fake_system(network=engine(gone, container())), BLUEPRINT) == container()
    assert current(fake_system(network=engine(gone)), BLUEPRINT) == gone
    assert current(fake_system(network=engine()), BLUEPRINT) is None


def test_a_container_for_one_command_is_not_it() -> None:
    labels = {**container().labels, "com.docker.compose.oneoff": "True"}

    assert current(fake_system(network=engine(container(labels=labels))), BLUEPRINT) is None


def test_containers_of_another_folder_with_the_same_name_are_refused() -> None:
    labels = {
        "com.docker.compose.project": "milvus",
        "com.docker.compose.service": "builder",
        "com.docker.compose.project.working_dir": "/other/milvus",
    }

    with pytest.raises(InputError) as error:
        current(fake_system(network=engine(container(labels=labels))), BLUEPRINT)

    assert error.value.message == ("`milvus` is the name of another project's containers, of `/other/milvus`")


def test_compose_files_below_the_checkout_are_the_checkouts() -> None:
    labels = {**container().labels, "com.docker.compose.project.working_dir": "/checkout/.devcontainer"}
    labels.pop("devcontainer.local_folder")
    below = replace(BLUEPRINT, compose_files=("/checkout/.devcontainer/compose.yaml",))

    assert current(fake_system(network=engine(container(labels=labels))), below) is not None


@pytest.mark.parametrize("label", ["devcontainer.local_folder", "com.docker.compose.project.working_dir"])
def test_a_checkout_within_this_one_that_shares_its_name_keeps_its_containers(label: str) -> None:
    labels = {**container().labels, "com.docker.compose.project.working_dir": "/checkout"}
    labels.pop("devcontainer.local_folder")
    labels[label] = "/checkout/worktrees/feature"

    with pytest.raises(InputError, match="another project's containers, of `/checkout/worktrees/feature`"):
        current(fake_system(network=engine(container(labels=labels))), BLUEPRINT)


def test_a_container_made_through_a_link_to_the_checkout_is_the_checkouts() -> None:
    labels = {**container().labels, "devcontainer.local_folder": "/home/me/checkout"}
    files = FakeFiles(links={"/home/me/checkout": "/checkout"})

    assert current(fake_system(network=engine(container(labels=labels)), files=files), BLUEPRINT) is not None


def test_a_single_container_is_known_by_folder_and_file() -> None:
    labels = {"devcontainer.local_folder": "/checkout"}
    other = container(labels={**labels, "devcontainer.config_file": "/checkout/.devcontainer/gpu.json"})
    bare = container(id="bare", labels=labels)

    assert current(fake_system(network=engine(other, bare)), SINGLE) == bare
    assert current(fake_system(network=engine(other)), SINGLE) is None


def test_programs_that_work_inside_are_named() -> None:
    network = FakeNetwork(
        engine={
            "GET /containers/builder-id/json": [answer({"ExecIDs": ["a", "b"]})],
            "GET /exec/a/json": [
                answer(
                    {"Running": True, "ProcessConfig": {"entrypoint": "make", "arguments": ["-j8", "milvus"]}}
                )
            ],
            "GET /exec/b/json": [answer({"Running": False})],
        }
    )
    from devtool.adapters.engine.api import connect

    api = connect(fake_system(network=network))

    assert work_inside(api, container()) == ("make -j8 milvus",)
    assert work_inside(api, container(state="exited")) == ()


def test_taking_down_removes_containers_and_networks_and_names_what_stays() -> None:
    filters = quote(json.dumps({"label": ["com.docker.compose.project=milvus"]}))
    network = FakeNetwork(
        engine={
            PROJECT: [listed(container(), container("etcd", state="exited"))],
            "GET /containers/builder-id/json": [answer({"ExecIDs": None})],
            "POST /containers/builder-id/stop?t=2": [answer(None, 204)],
            "DELETE /containers/builder-id?force=1": [answer(None, 204)],
            "DELETE /containers/etcd-id?force=1": [answer({"message": "No such container"}, 404)],
            f"GET /networks?filters={filters}": [answer([{"Name": "milvus_dev", "Id": "n"}])],
            "DELETE /networks/n": [answer({"message": "has active endpoints"}, 403)],
        }
    )

    gone = down(fake_system(network=network), BLUEPRINT)

    assert gone == Lowered(
        containers=("milvus-builder-1", "milvus-etcd-1"),
        kept=("`milvus_dev` stays: the Docker engine says: has active endpoints",),
    )


def test_a_home_that_takes_nothing_does_not_keep_a_container_up() -> None:
    class Closed(FakeFiles):
        @contextmanager
        def lock(self, path: str, timeout_seconds: float) -> Iterator[None]:
            raise InputError(f"cannot write to `{path}`: read-only file system")
            yield

    filters = quote(json.dumps({"label": ["com.docker.compose.project=milvus"]}))
    network = FakeNetwork(engine={PROJECT: [listed()], f"GET /networks?filters={filters}": [answer([])]})

    assert down(fake_system(network=network, files=Closed()), BLUEPRINT) == Lowered()


def test_the_listing_has_the_main_one_first_and_says_how_it_is_older() -> None:
    rows = listing(fake_system(network=engine(container("etcd"), container())), OLDER).rows

    assert [(row.service, row.main, len(row.older)) for row in rows] == [
        ("builder", True, 1),
        ("etcd", False, 0),
    ]


def test_a_container_is_found_by_service_or_name() -> None:
    system = fake_system(network=engine(container("etcd"), container()))

    assert find(system, BLUEPRINT, None) == container()
    assert find(system, BLUEPRINT, "etcd") == container("etcd")
    assert find(system, BLUEPRINT, "milvus-etcd-1") == container("etcd")
    with pytest.raises(DevtoolError, match="`minio` was not started"):
        find(system, BLUEPRINT, "minio")
    with pytest.raises(InputError, match="there is no service `kafka`"):
        find(system, BLUEPRINT, "kafka")
