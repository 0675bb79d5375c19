"""Who works in a dev container: real containers, real owners, as root and as others."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import find_endpoint
from devtool.model.container import Blueprint, Mount, Person, Service
from devtool.system import System
from devtool.workflows.containers.configuring import blueprint
from devtool.workflows.containers.preparing import cache_mounts, make_folders, prepare
from tests.conftest import require
from tests.support.engine import Images, Shaped, docker
from tests.support.inside import (
    CountingApi,
    Inside,
    as_user,
    container,
    give,
    owners,
    system_in,
    worked_in,
)
from tests.support.rust_server import TARGET, add_toolchain
from tests.support.tools import environment
from tests.support.web import Web, serving

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="gives files to other users"),
]
UID, GID = 54321, 54322
"""Nobody has these on any machine."""
BUILD = "make milvus && ccache --version >/dev/null && go env GOMODCACHE >/dev/null && touch -c ."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that everybody may use."""
    made = tmp_path / "home"
    made.mkdir()
    made.chmod(0o777)
    for above in (tmp_path, *tmp_path.parents):
        mode = above.stat().st_mode
        if mode & 0o011 != 0o011:
            above.chmod(mode | 0o011)
    return made


def owned(checkout: Path, uid: int = UID, gid: int = GID) -> Path:
    give(checkout, uid, gid)
    return checkout


def api(system: System) -> Api:
    return Api(system, find_endpoint(system))


def prepared(system: System, inside: Inside, described: Blueprint | None = None) -> Person:
    return prepare(system, api(system), inside.container, described or inside.blueprint)


def with_rust(checkout: Path) -> Path:
    """Let the checkout need cargo, as Milvus's does."""
    place = checkout / "internal/core/thirdparty/tantivy"
    place.mkdir(parents=True)
    (place / "CMakeLists.txt").write_text("add_custom_command(COMMAND cargo +1.89 build)\n")
    return checkout


def test_what_root_builds_belongs_to_the_owner_of_the_checkout(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(shaped())

    with worked_in(system_in(checkout, home), images.builder) as inside:
        inside.run(BUILD)

        assert inside.run("id -u; id -g").split() == [str(UID), str(GID)]
    assert (checkout / "bin/milvus").is_file()
    assert owners(checkout) == {(UID, GID)}


def test_root_works_as_root_where_root_owns_the_checkout(shaped: Shaped, images: Images, home: Path) -> None:
    checkout = with_rust(owned(shaped(), 0, 0))

    with worked_in(system_in(checkout, home), images.builder) as inside:
        inside.run(f"{BUILD} && cargo --version && touch ~/mine ~/.cargo/registry/mine")

        assert (inside.person.uid, inside.person.name, inside.person.home) == (0, "root", "/root")
        assert inside.run("ls /var/cache/devtool/cargo/registry") == "mine"
    assert owners(checkout) == {(0, 0)}


def test_a_user_whom_no_machine_knows_has_a_name_a_home_and_git_inside(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(shaped())
    docker("image", "inspect", images.builder)
    system = system_in(checkout, home)
    described, ours = blueprint(system), cache_mounts(system, blueprint(system))
    as_user(UID, GID, lambda: make_folders(system, described))

    with container(images.builder, described, ours) as there:
        person = as_user(UID, GID, lambda: prepare(system, api(system), there, described))
        inside = Inside(system, described, there, person, ours)
        said = inside.run("whoami && echo ~ && git status --porcelain && touch ~/x && cargo --version")
        inside.run(BUILD)

    assert said.splitlines() == [f"user{UID}", f"/home/user{UID}", "cargo 1.92.0 (stand-in)"]
    assert owners(checkout) == {(UID, GID)}
    assert person.environment["HOME"] == f"/home/user{UID}"


def test_every_cache_of_the_project_is_writable_when_it_is_fresh(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(with_rust(shaped()))

    with worked_in(system_in(checkout, home), images.builder) as inside:
        targets = [mount.target for mount in (*inside.blueprint.service.mounts, *inside.mounts)]
        inside.run(" && ".join(f"touch {target}/mine" for target in targets))
        inside.run("mkdir /go/pkg/sumdb && touch ~/.cargo/registry/x ~/.cargo/git/x")

        assert inside.run("go env GOCACHE GOMODCACHE").split() == [
            "/var/cache/devtool/go-build",
            "/go/pkg/mod",
        ]
        assert inside.run("stat -c %a /ccache") == "755"
    assert [mount.source.removeprefix(checkout.name) for mount in inside.mounts] == [
        "-devtool-go-build",
        "-devtool-cargo",
    ]


def test_folders_that_the_engine_made_as_root_are_given_to_the_person(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(shaped())

    with worked_in(system_in(checkout, home), images.builder, made=False) as inside:
        inside.run("touch /ccache/mine /home/milvus/.conan2/mine .docker/mine")

    assert owners(checkout / ".docker") == {(UID, GID)}


def test_what_a_build_as_root_left_in_a_cache_is_given_to_the_person(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(shaped())
    cache = checkout / ".docker/amd64-ubuntu22.04-ccache"
    (cache / "a/b").mkdir(parents=True)
    (cache / "a/b/entry").write_text("root's")
    give(checkout / ".docker", UID, GID)
    for path in (cache / "a", cache / "a/b", cache / "a/b/entry"):
        os.chown(path, 0, 0)

    with worked_in(system_in(checkout, home), images.builder) as inside:
        inside.run("echo mine >/ccache/a/b/entry")

    assert owners(cache) == {(UID, GID)}


def test_a_container_of_another_user_takes_the_volumes_over(
    shaped: Shaped, images: Images, home: Path
) -> None:
    checkout = owned(with_rust(shaped()))
    with worked_in(system_in(checkout, home), images.builder) as first:
        first.run("go version && go build -o /dev/null ./cmd/small 2>&1 || true; mkdir -p $GOCACHE/00/x")

    give(checkout, UID + 10, GID + 10)
    with worked_in(system_in(checkout, home), images.builder) as second:
        second.run(f"touch $GOCACHE/00/x/mine ~/.cargo/registry/mine && {BUILD}")

    assert first.mounts == second.mounts
    assert owners(checkout) == {(UID + 10, GID + 10)}


def test_a_second_preparation_asks_nothing_of_the_engine(shaped: Shaped, images: Images, home: Path) -> None:
    system = system_in(owned(shaped()), home)

    with worked_in(system, images.builder) as inside:
        engine = CountingApi(system, find_endpoint(system))
        again = prepare(system, engine, inside.container, inside.blueprint)

        assert again == inside.person
        assert not hasattr(engine, "posts")

        elsewhere = replace(inside.blueprint, workspace="/elsewhere")
        prepare(system, engine, inside.container, elsewhere)

        assert len(engine.posts) == 1


def test_busybox_alone_is_enough(busybox: str, home: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / ".devcontainer.json").write_text(f'{{"image": "{busybox}", "workspaceFolder": "/work"}}')
    owned(checkout)
    mount = Mount("bind", str(checkout), "/work")
    described = Blueprint(
        str(checkout), checkout.name, Service("dev", busybox, mounts=(mount,)), workspace="/work"
    )
    system = system_in(checkout, home)

    with container(busybox, described, project=f"person-{tmp_path.name[-6:]}") as there:
        person = prepare(system, api(system), there, described)
        inside = Inside(system, described, there, person)
        said = inside.run("id -un; id -gn; touch ~/mine made; echo $HOME")
        passwd = inside.run("cat /etc/passwd").splitlines()

    assert said.split() == [f"user{UID}", f"user{UID}", f"/home/user{UID}"]
    assert passwd[1:] == [f"user{UID}:x:{UID}:{GID}:user{UID}:/home/user{UID}:/bin/bash"]
    assert owners(checkout) == {(UID, GID)}


def test_a_name_that_the_image_has_for_the_number_is_kept(shaped: Shaped, images: Images, home: Path) -> None:
    checkout = owned(shaped())
    system = system_in(checkout, home)
    described = blueprint(system)

    with container(images.builder, described) as there:
        docker("exec", "-u", "0", there.id, "useradd", "-m", "-u", str(UID), "node")
        person = prepare(system, api(system), there, described)

        assert (person.name, person.home, person.gid) == ("node", "/home/node", GID)
        assert Inside(system, described, there, person).run("touch ~/x; whoami") == "node"


def test_the_user_of_a_devcontainer_json_gets_the_persons_numbers(
    shaped: Shaped, images: Images, home: Path
) -> None:
    system = system_in(owned(shaped()), home)
    described = replace(blueprint(system), remote_user="vscode")

    with container(images.builder, described) as there:
        docker("exec", "-u", "0", there.id, "useradd", "-m", "-u", "1000", "vscode")
        person = prepare(system, api(system), there, described)
        inside = Inside(system, described, there, person)

        assert (person.name, person.home) == ("vscode", "/home/vscode")
        assert inside.run("id -u vscode; touch ~/.bashrc ~/x && stat -c %u ~/.bashrc").split() == [
            str(UID),
            str(UID),
        ]


def test_what_the_container_decides_stays_decided(shaped: Shaped, images: Images, home: Path) -> None:
    system = system_in(owned(with_rust(shaped())), home)
    described = blueprint(system)
    decided = {"HOME": "/srv/me", "GOCACHE": "/srv/go", "CARGO_HOME": "/root/elsewhere"}
    service = replace(described.service, environment={**described.service.environment, **decided})
    described = replace(described, service=service)
    ours = cache_mounts(system, described)

    with container(images.builder, described, ours) as there:
        inside = Inside(system, described, there, prepare(system, api(system), there, described), ours)

        assert {"HOME", "GOCACHE"}.isdisjoint(inside.person.environment)
        assert inside.person.environment["CARGO_HOME"] == "/srv/me/.cargo", "root's is nobody else's"
        assert inside.run("touch ~/x $GOCACHE/x $CARGO_HOME/x; echo $HOME $GOCACHE") == "/srv/me /srv/go"


def test_roots_home_stays_closed_to_eyes(shaped: Shaped, images: Images, home: Path) -> None:
    with worked_in(system_in(owned(shaped()), home), images.builder) as inside:
        said = inside.run("ls /root", status=None)

    assert "Permission denied" in said


def test_rustup_in_roots_home_serves_the_person_and_installs_more(
    shaped: Shaped, images: Images, home: Path, tmp_path: Path
) -> None:
    require(os.uname().machine == "x86_64", "the toolchains are for x86-64")
    program = environment("rustup-1.29.0", "3.11", "rustup==1.29.0.1") / "bin/rustup"
    system = system_in(owned(with_rust(shaped())), home)
    described = blueprint(system)
    ours = cache_mounts(system, described)

    with serving(Web()) as web, container(images.builder, described, ours, "--network", "host") as there:
        for version in ("1.89", "1.92"):
            add_toolchain(web, version)
        shutil.copy(program, tmp_path / "rustup-init")
        docker("cp", str(tmp_path / "rustup-init"), f"{there.id}:/tmp/rustup-init")
        served = f"export RUSTUP_DIST_SERVER={web.url('')};"
        as_root = Inside(system, described, there, Person(0, 0, "root", "/root"))
        install = "/tmp/rustup-init -y --default-toolchain 1.92 --no-modify-path --profile minimal"
        as_root.run(f"rm -r /root/.cargo; HOME=/root; export HOME; {served} {install}")
        inside = Inside(system, described, there, prepare(system, api(system), there, described), ours)

        assert inside.run("cargo --version") == "cargo 1.92.0 (0123456789 2026-01-01)"
        inside.run(f"{served} rustup toolchain install 1.89 --profile minimal")
        assert inside.run("cargo +1.89 --version") == "cargo 1.89.0 (0123456789 2026-01-01)"
        listed = inside.run("rustup toolchain list; ls /root/.rustup/toolchains/").splitlines()

    assert sorted(line.split()[0] for line in listed[:2]) == [f"1.89-{TARGET}", f"1.92-{TARGET}"]
    assert [name for name in listed[2:] if "1.89" in name] == []


def test_two_who_prepare_at_once_enter_one_user(shaped: Shaped, images: Images, home: Path) -> None:
    system = system_in(owned(shaped()), home)
    described = blueprint(system)
    make_folders(system, described)

    with container(images.builder, described) as there, ThreadPoolExecutor(4) as pool:
        engines = [CountingApi(system, find_endpoint(system)) for _ in range(4)]
        work = [pool.submit(prepare, system, each, there, described) for each in engines]
        people = [each.result() for each in work]
        entries = docker("exec", there.id, "grep", "-c", f":{UID}:{GID}:", "/etc/passwd")

    assert people[1:] == people[:-1]
    assert entries == "1"
    assert sum(hasattr(each, "posts") for each in engines) == 1
