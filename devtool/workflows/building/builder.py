"""A container for one build: made from what the checkout describes, gone when its client is.

Its first process reads from us. When we close that, are killed or lose our
terminal, it comes to its end, and the engine ends and removes all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from devtool.adapters.engine.api import AbsentError, Api
from devtool.errors import DevtoolError
from devtool.model.container import LABEL, Blueprint, Container, Mount
from devtool.system import System

BUILDER = f"{LABEL}.builder"
"""Carried by every builder: the checkout that it is for."""
_READY = "ready"
# Keeps no program of the image running but a shell, and says when others can be started beside it.
_MAIN = f"echo {_READY}; while read -r line; do :; done"
_GONE_SECONDS, _POLL_SECONDS, _REMOVING_SECONDS = 3.0, 0.05, 60.0
_ABANDONED_SECONDS = 60
"""What has not begun for so long never will."""


@contextmanager
def builder(
    system: System, api: Api, blueprint: Blueprint, mounts: tuple[Mount, ...], cpus: int | None = None
) -> Iterator[Container]:
    """A container that runs while in the `with` block; `cpus` is the time it gets, where that is limited.

    Raises DevtoolError when it cannot be brought up.
    """
    sweep(system, api, blueprint.checkout)
    name = f"{blueprint.project}-build-{int(system.clock.now() * 1000):x}"
    # One command makes and starts it: killed in between, we would leave it behind.
    line = system.process.converse(_run(blueprint, name, mounts, cpus), cwd="/")
    try:
        if line.read_line().strip() != _READY.encode():
            for _ in line.pieces():
                continue
            raise DevtoolError(
                "the builder ends before it has begun", f"`docker run {blueprint.service.image}`"
            )
        found = api.inspect(name)
        image = blueprint.service.image or ""
        yield Container(str(found["Id"]), name, image, "running", labels={BUILDER: blueprint.checkout})
    finally:
        line.close()
        _see_off(system, api, name)


def sweep(system: System, api: Api, checkout: str) -> None:
    """Remove builders of this checkout that never began, or that the engine kept when they had ended."""
    for each in api.containers({BUILDER: checkout}):
        begun = each.state not in ("created", "exited", "dead")
        if not begun and system.clock.now() - each.created > _ABANDONED_SECONDS:
            _remove(system, each.id)


def _run(blueprint: Blueprint, name: str, mounts: tuple[Mount, ...], cpus: int | None) -> list[str]:
    service = blueprint.service
    words = ["docker", "run", "--rm", "--interactive", "--init", "--pull", "never", "--name", name]
    words += ["--log-driver", "none", "--user", "0", "--workdir", "/", "--entrypoint", "/bin/sh"]
    words += ["--label", f"{BUILDER}={blueprint.checkout}"]
    for key, value in service.environment.items():
        words += ["--env", f"{key}={value}"]
    for mount in (*service.mounts, *mounts):
        words += ["--mount", _mount(mount)]
    words += ["--platform", service.platform] if service.platform else []
    words += ["--shm-size", str(service.shm_bytes)] if service.shm_bytes else []
    words += ["--memory", str(service.memory_bytes)] if service.memory_bytes else []
    words += ["--cpus", str(cpus)] if cpus else []
    words += ["--privileged"] if service.privileged else []
    words += [f"--cap-add={each}" for each in service.cap_add]
    words += [f"--security-opt={each}" for each in service.security_opt]
    return [*words, *blueprint.run_arguments, service.image or "", "-c", _MAIN]


def _mount(mount: Mount) -> str:
    """One mount as the client reads it: https://docs.docker.com/reference/cli/docker/container/run/#mount."""
    fields = [f"type={mount.kind}", f"source={mount.source}", f"target={mount.target}"]
    fields += ["readonly"] if mount.read_only else []
    return ",".join(f'"{each}"' if set(each) & {",", '"'} else each for each in fields)


def _see_off(system: System, api: Api, name: str) -> None:
    """Wait for the engine to remove it, and do so by hand where it does not."""
    deadline = system.clock.monotonic() + _GONE_SECONDS
    try:
        while api.inspect(name)["State"]["Status"] != "created" and system.clock.monotonic() < deadline:
            system.clock.sleep(_POLL_SECONDS)
        _remove(system, name)
    except AbsentError:
        return
    except DevtoolError:  # the engine itself has gone; the next build looks again
        return


def _remove(system: System, container: str) -> None:
    argv = ["docker", "rm", "--force", "--volumes", container]
    system.process.run(argv, timeout_seconds=_REMOVING_SECONDS, cwd="/")
