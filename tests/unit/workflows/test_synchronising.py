"""Which folders of a checkout become volumes, who decides it, and how the source gets there."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from devtool.errors import DevtoolError, InputError
from devtool.model.container import Blueprint, Mount, Service
from devtool.system import System
from devtool.workflows.synchronising.listing import list_files
from devtool.workflows.synchronising.placing import (
    Choice,
    chosen,
    keep,
    placed,
    source_volume,
    volumes,
)
from devtool.workflows.synchronising.sending import decide
from tests.support import FakeFiles, fake_system

FAR = {"DOCKER_HOST": "ssh://far"}
WHOLE = Mount("bind", "/checkout", "/work")
ALL_INSIDE = {"rsync", "tar", "gzip", "git"}


def system(env: Mapping[str, str], files: FakeFiles | None = None) -> System:
    return fake_system(env={"HOME": "/home/me", **env}, files=files or FakeFiles())


def blueprint(*mounts: Mount, companion: tuple[Mount, ...] = ()) -> Blueprint:
    other = (Service("etcd", "etcd:3", mounts=companion),) if companion else ()
    return Blueprint("/checkout", "proj", Service("dev", "x", mounts=mounts), other, workspace="/work")


def test_a_checkout_that_the_engine_sees_stays_a_folder() -> None:
    made = blueprint(WHOLE)

    assert placed(system({}), made) is made


def test_on_another_machine_the_checkout_becomes_a_volume_of_its_own() -> None:
    made = placed(system(FAR), blueprint(WHOLE))

    assert made.service.mounts == (Mount("volume", "proj-source-715babfb", "/work"),)
    assert source_volume(made) == "proj-source-715babfb"
    assert volumes(made, made.service) == made.service.mounts
    assert [(each.name, each.value, each.said_by) for each in made.settings] == [
        ("sync", "rsync or git", "`ssh://far` does not see this folder")
    ]


def test_a_folder_above_the_checkout_becomes_the_volume_that_holds_it() -> None:
    above, machine = Mount("bind", "/src", "/workspaces"), Mount("bind", "/", "/host")
    service = Service("dev", "x", mounts=(above, machine))

    made = placed(system(FAR), Blueprint("/src/proj", "proj", service, workspace="/workspaces/proj"))

    volume = source_volume(made)
    assert made.service.mounts == (Mount("volume", str(volume), "/workspaces"), machine)


def test_caches_in_the_checkout_become_volumes_each_by_its_folder() -> None:
    cache = Mount("bind", "/checkout/.docker/ccache", "/ccache")

    made = placed(system(FAR), blueprint(WHOLE, cache))

    assert made.service.mounts[1].kind == "volume"
    assert made.service.mounts[1].source.startswith("proj-source-715babfb-ccache-")
    assert source_volume(made) == "proj-source-715babfb"


def test_what_lies_outside_is_the_engines_own_and_that_is_said() -> None:
    keys, socket = Mount("bind", "/home/me/.ssh", "/k"), Mount("bind", "/var/run/docker.sock", "/s")

    made = placed(system(FAR), blueprint(WHOLE, keys, socket))

    assert made.service.mounts[1:] == (keys, socket)
    assert made.notes == ("`/home/me/.ssh` inside is that of the engine's machine, not yours",)


def test_data_folders_of_other_services_begin_empty_and_files_stay_where_they_are() -> None:
    files = FakeFiles({"/checkout/data/x": "1", "/checkout/etcd.conf": "c"})
    data, config = Mount("bind", "/checkout/data", "/data"), Mount("bind", "/checkout/etcd.conf", "/etc/e")

    made = placed(system(FAR, files), blueprint(WHOLE, companion=(data, config)))

    first, second = made.companions[0].mounts
    assert (first.kind, first.target, second) == ("volume", "/data", config)
    assert made.notes == (
        "`/checkout/data` is not sent: the service that mounts it begins with an empty one",
        "`/checkout/etcd.conf` is a file here, which the engine's machine does not have",
    )


@pytest.mark.parametrize(
    ("env", "choice"),
    [
        ({}, None),
        ({"DOCKER_HOST": "tcp://127.0.0.1:2375"}, None),
        (FAR, Choice(None, "`ssh://far` does not see this folder")),
        ({**FAR, "DEVTOOL_SYNC": "none"}, None),
        ({**FAR, "DEVTOOL_SYNC": "git"}, Choice("git", "`DEVTOOL_SYNC`")),
        ({"DEVTOOL_SYNC": "rsync"}, Choice("rsync", "`DEVTOOL_SYNC`")),
    ],
)
def test_the_environment_decides_before_the_engines_place(
    env: Mapping[str, str], choice: Choice | None
) -> None:
    assert chosen(system(env), "/checkout") == choice


def test_a_choice_is_kept_for_this_checkout_on_this_engine() -> None:
    files = FakeFiles()

    keep(system(FAR, files), "/checkout", "git")

    assert chosen(system(FAR, files), "/checkout") == Choice("git", "`--sync`")
    assert chosen(system({}, files), "/checkout") is None
    assert chosen(system({"DOCKER_HOST": "ssh://other"}, files), "/checkout") == Choice(
        None, "`ssh://other` does not see this folder"
    )
    assert chosen(system(FAR, files), "/another").way is None  # type: ignore[union-attr]  # it is one


def test_what_is_typed_counts_more_than_the_environment() -> None:
    typed = keep(system({**FAR, "DEVTOOL_SYNC": "git"}), "/checkout", "rsync")

    assert chosen(typed, "/checkout") == Choice("rsync", "`--sync`")


def test_an_unknown_way_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="`DEVTOOL_SYNC` is `ftp`") as caught:
        chosen(system({"DEVTOOL_SYNC": "ftp"}), "/checkout")

    assert caught.value.hint == "it is one of `rsync`, `git`, `none`"


@pytest.mark.parametrize(
    ("way", "here", "inside", "decided"),
    [
        (None, "", ALL_INSIDE, ("rsync", "it is here and inside")),
        (None, "there is no rsync here", ALL_INSIDE, ("git", "there is no rsync here")),
        (None, "", {"tar", "gzip"}, ("git", "the container has no rsync")),
        ("git", "", ALL_INSIDE, ("git", "`--sync`")),
        ("rsync", "", {"rsync"}, ("rsync", "`--sync`")),
    ],
)
def test_rsync_goes_where_both_sides_have_it(
    way: str | None, here: str, inside: set[str], decided: tuple[str, str]
) -> None:
    assert decide(Choice(way, "`--sync`"), here, inside) == decided


def test_a_way_that_cannot_be_gone_is_told_with_the_other() -> None:
    with pytest.raises(DevtoolError, match="by rsync: the container has no rsync") as caught:
        decide(Choice("rsync", ""), "", {"tar", "gzip"})
    with pytest.raises(DevtoolError, match="no `tar` and `gzip`"):
        decide(Choice(None, ""), "", set())

    assert caught.value.hint == "`--sync git` takes tar and git's list"


def test_without_git_all_files_are_the_source() -> None:
    files = FakeFiles({"/checkout/a": "1", "/checkout/b/c": "22"})

    listed = list_files(system({}, files), "/checkout")

    assert {path: mark[0] for path, mark in listed.items()} == {"a": 1, "b/c": 2}
    assert json.loads(json.dumps(listed)) == listed
