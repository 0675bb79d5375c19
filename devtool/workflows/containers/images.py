"""The image of a dev container: taken as it is here, fetched only where it is not, built where asked."""

from __future__ import annotations

import posixpath
from hashlib import sha256
from urllib.parse import quote

from devtool.adapters.engine.api import AbsentError, Api
from devtool.model.command import Answer
from devtool.model.container import Blueprint, Service
from devtool.system import System

_PULL = ("docker", "pull")
_REASON_SECONDS = 60.0
_SAME = {"x86_64": "amd64", "aarch64": "arm64"}


def provide(system: System, api: Api, image: str, platform: str | None, advice: str | None = None) -> None:
    """Have the image on the engine; nothing goes over the network where it is there.

    Raises DevtoolError, which names what stood in the way; `advice` says what else can be done.
    """
    found = _platform(api, image)
    if found is not None and (not platform or platform.split("/")[:2] == found.split("/")):
        return
    if found is not None:
        system.console.note(f"`{image}` is here for {found}, and {platform} is asked for")
    system.console.note(f"fetching `{image}`")
    argv = [*_PULL, *(("--platform", platform) if platform else ()), image]
    answer = _pull(system, argv)
    if not answer.ok:
        from devtool.workflows.containers.refusals import refused

        raise refused(system, f"fetch `{image}`", answer, advice)


def build(system: System, blueprint: Blueprint) -> str:
    """Build what the `devcontainer.json` says and give the image's name. Raises DevtoolError."""
    service = blueprint.service
    assert service.build is not None, "the caller asked"
    name = built_name(blueprint)
    system.console.note(f"building `{name}` from `{service.build.get('dockerfile', 'Dockerfile')}`")
    run(system, _build_argv(service, name), f"build `{name}`")
    return name


def built_name(blueprint: Blueprint) -> str:
    """What the image of a Dockerfile is called here: by checkout and file, so that each has its own."""
    told = blueprint.devcontainer_file or blueprint.checkout
    return f"devtool-{blueprint.project}:{sha256(told.encode()).hexdigest()[:12]}"


def run(system: System, argv: list[str], doing: str) -> None:
    """Run a long program of Docker's; its output is progress. Raises DevtoolError where it fails."""
    with system.console.progress(f"{doing}…"):
        answer = system.process.run(argv, timeout_seconds=None, cwd="/")
    if not answer.ok:
        from devtool.workflows.containers.refusals import refused

        raise refused(system, doing, answer)


def _pull(system: System, argv: list[str]) -> Answer:
    if not system.console.interactive:
        return system.process.run(argv, timeout_seconds=None, cwd="/")
    # On a terminal docker shows how far each layer is; why it failed is then to be asked once more.
    answer = system.process.attach(argv)
    return answer if answer.ok else system.process.run(argv, timeout_seconds=_REASON_SECONDS, cwd="/")


def _platform(api: Api, image: str) -> str | None:
    """What the image that is here was made for, None where there is none."""
    try:
        facts = api.get(f"/images/{quote(image)}/json")
    except AbsentError:
        return None
    architecture = str(facts.get("Architecture", ""))
    return f"{facts.get('Os', 'linux')}/{_SAME.get(architecture, architecture)}"


def _build_argv(service: Service, name: str) -> list[str]:
    said = service.build or {}
    context = said.get("context", ".")
    dockerfile = posixpath.join(context, said.get("dockerfile", "Dockerfile"))
    argv = ["docker", "build", "-t", name, "-f", dockerfile]
    argv += ["--target", said["target"]] if said.get("target") else []
    argv += ["--platform", service.platform] if service.platform else []
    for key, value in service.build_args.items():
        argv += ["--build-arg", f"{key}={value}"]
    return [*argv, context]
