"""A container made by hand, as Compose or VS Code would have made it, and somebody who works in it."""

from __future__ import annotations

import os
import pickle
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import find_endpoint
from devtool.model.container import Blueprint, Container, Mount, Person
from devtool.system import System, real_system
from devtool.workflows.containers.configuring import blueprint
from devtool.workflows.containers.preparing import cache_mounts, make_folders, prepare
from tests.support.engine import docker

SOCKET = "/var/run/docker.sock"
T = TypeVar("T")


class CountingApi(Api):
    """An engine that remembers what it was asked to do."""

    def post(self, target: str, body: Any) -> Any:
        self.posts = [*getattr(self, "posts", []), target]
        return super().post(target, body)


@dataclass
class Inside:
    """The container of one checkout, and the person in it."""

    system: System
    blueprint: Blueprint
    container: Container
    person: Person
    mounts: tuple[Mount, ...] = field(default=())
    """Ours."""

    def run(self, line: str, *, status: int | None = 0, user: str | None = None) -> str:
        """Run a shell line as the person, in the checkout; what it said on both streams."""
        variables = [f"--env={name}={value}" for name, value in self.person.environment.items()]
        who = user or f"{self.person.uid}:{self.person.gid}"
        words = ["docker", "exec", "-u", who, "-w", self.blueprint.workspace, *([] if user else variables)]
        done = subprocess.run(
            [*words, self.container.id, "sh", "-c", f"exec 2>&1; {line}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert status is None or done.returncode == status, f"{line}: {done.stdout}{done.stderr}"
        return done.stdout.strip()


def system_in(folder: Path, home: Path) -> System:
    """This machine's doors from that folder, with a home of the test."""
    plain = real_system(str(folder))
    env = {name: value for name, value in plain.env.items() if not name.startswith("XDG_")}
    return replace(plain, env={**env, "HOME": str(home)})


@contextmanager
def container(
    image: str, described: Blueprint, mounts: tuple[Mount, ...] = (), *options: str, project: str = ""
) -> Iterator[Container]:
    """One that runs while in the `with` block, with what the blueprint mounts and these mounts besides."""
    name = f"{project or described.project}-{uuid.uuid4().hex[:6]}"
    words = ["run", "-d", "--init", "--name", name, "--entrypoint", "/bin/sh", *options]
    for mount in (*described.service.mounts, *mounts):
        words += ["-v", f"{mount.source}:{mount.target}"]
    for key, value in described.service.environment.items():
        words += ["-e", f"{key}={value}"]
    try:
        found = docker(*words, image, "-c", "while :; do sleep 1000; done")
        yield Container(found, name, image, "running")
    finally:
        docker("rm", "-f", "-v", name, status=None)


@contextmanager
def worked_in(system: System, image: str, *options: str, made: bool = True) -> Iterator[Inside]:
    """A container of the checkout that the system starts in, prepared for whoever the system is."""
    described = blueprint(system)
    ours = cache_mounts(system, described)
    if made:
        make_folders(system, described)
    with container(image, described, ours, *options) as there:
        person = prepare(system, Api(system, find_endpoint(system)), there, described)
        yield Inside(system, described, there, person, ours)


def as_user(uid: int, gid: int, work: Callable[[], T]) -> T:
    """What the work gives in a process of that user, who may use the engine."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([os.stat(SOCKET).st_gid])
            os.setgid(gid)
            os.setuid(uid)
            answer: Any = (True, work())
        except BaseException as error:
            answer = (False, repr(error))
        with os.fdopen(writer, "wb") as stream:
            pickle.dump(answer, stream)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        worked, value = pickle.load(stream)
    os.waitpid(child, 0)
    assert worked, value
    return value  # type: ignore[no-any-return]  # what `work` gave, from the other process


def owners(folder: Path) -> set[tuple[int, int]]:
    """Whose the folder is and all that lies in it."""
    found = {(facts.st_uid, facts.st_gid) for facts in [folder.lstat()]}
    for path in folder.rglob("*"):
        facts = path.lstat()
        found.add((facts.st_uid, facts.st_gid))
    return found


def give(folder: Path, uid: int, gid: int) -> None:
    """Let the folder and all in it belong to them."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
