"""One `up` that has something to do: the steps that take seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.client import unhealthy
from devtool.errors import DevtoolError
from devtool.model.container import Blueprint, Container, Service
from devtool.system import System
from devtool.workflows.containers import creating
from devtool.workflows.containers.ageing import FINGERPRINT
from devtool.workflows.containers.lifecycle import note_host_command, run_hooks, run_on_host
from devtool.workflows.containers.preparing import prepare
from devtool.workflows.containers.raising import family, main, tell_age
from devtool.workflows.synchronising.sending import synchronise

_HEALTH_SECONDS = 90.0
_LAST_LINES = 3
_FIRST_SECONDS = 0.3
_RIVAL_SECONDS, _POLL_SECONDS = 10.0, 0.2


@dataclass(frozen=True)
class Start:
    """What was asked for."""

    system: System
    api: Api
    blueprint: Blueprint
    recreate: bool
    force: bool
    build: bool
    initialize: bool

    def main(self) -> Container:
        """The container, running: as it was, started, or made."""
        found = family(self.system, self.api, self.blueprint)
        standing = main(found, self.blueprint)
        if standing and self.recreate:
            self.refuse_interruption(standing)
        if standing and not self.recreate and standing.state != "created":
            tell_age(self.system, standing, self.blueprint)
            if self.build:
                creating.build_image(self.system, self.blueprint, standing.compose_version)
                self.tell_outdated(standing)
            return self.wake(standing)
        if self.initialize:
            run_on_host(self.system, self.blueprint)
        elif standing is None:
            note_host_command(self.system, self.blueprint)
        self.make(found, standing)
        return self.running()

    def tell_outdated(self, standing: Container) -> None:
        """Say so where the image that was built is not the one that the container has."""
        facts = self.api.inspect(standing.id)
        name = str(facts["Config"]["Image"])
        if self.api.get(f"/images/{quote(name)}/json")["Id"] != facts["Image"]:
            self.system.console.note(f"`{standing.name}` has the image that `{name}` was before")
            self.system.console.note("  `devtool container up --recreate` takes the new one")

    def wake(self, standing: Container) -> Container:
        """Have one that was made before run on."""
        if standing.running:
            return standing
        actions = {"exited": "start", "paused": "unpause"}
        if standing.state not in actions:
            raise DevtoolError(
                f"`{standing.name}` is {standing.state}",
                "`devtool container up --recreate` makes a new one",
            )
        self.api.post(f"/containers/{standing.id}/{actions[standing.state]}", {})
        return self.running()

    def make(self, found: Sequence[Container], standing: Container | None) -> None:
        """Make the container, or finish one that was never started."""
        if self.blueprint.compose_files:
            made_by = next((each.compose_version for each in found if each.compose_version), None)
            try:
                creating.compose_up(
                    self.system,
                    self.api,
                    self.blueprint,
                    [self.blueprint.service],
                    made_by=made_by,
                    renew=self.recreate,
                    build=self.build,
                )
            except DevtoolError:
                if not self.came_meanwhile(standing):
                    raise
            return
        if standing and not self.recreate:
            created = standing.id
        else:
            created = creating.create(self.system, self.api, self.blueprint)
            if standing:
                self.api.delete(f"/containers/{standing.id}?force=1")
        self.api.post(f"/containers/{created}/start", {})

    def came_meanwhile(self, standing: Container | None) -> bool:
        """Whether a Compose that outlived a killed `up` was at it too, and brings the container."""
        deadline = self.system.clock.monotonic() + _RIVAL_SECONDS
        while self.system.clock.monotonic() < deadline:
            container = main(family(self.system, self.api, self.blueprint), self.blueprint)
            if container is None or (standing and container.id == standing.id):
                return False
            if container.running:
                return True
            self.system.clock.sleep(_POLL_SECONDS)
        return False

    def running(self) -> Container:
        """The container, once it runs. Raises DevtoolError for one that ended at once."""
        if not creating.waits(self.blueprint):  # what it runs may well end at once
            self.system.clock.sleep(_FIRST_SECONDS)
        container = main(family(self.system, self.api, self.blueprint), self.blueprint)
        if container is None:
            raise DevtoolError("the container that was just started is gone")
        if container.running:
            return container
        from devtool.adapters.engine.client import last_lines

        said = last_lines(self.api.endpoint, container.id, _LAST_LINES)
        status = self.api.inspect(container.id)["State"].get("ExitCode")
        raise DevtoolError(
            f"`{container.name}` ended at once with {status}", "\n  ".join(said) or "it printed nothing"
        )

    def companions(self, services: Sequence[Service]) -> None:
        """Start the other services and wait until they answer their health checks."""
        if not services:
            return
        found = family(self.system, self.api, self.blueprint)
        made_by = next((each.compose_version for each in found if each.compose_version), None)
        creating.compose_up(self.system, self.api, self.blueprint, services, made_by=made_by)
        names = {each.name for each in services}
        started = [each.id for each in family(self.system, self.api, self.blueprint) if each.service in names]
        with self.system.console.progress(f"waiting for {', '.join(sorted(names))}…"):
            sick = unhealthy(self.system, self.api.endpoint, started, _HEALTH_SECONDS)
        for name in sick:
            self.system.console.note(f"`{name}` is not healthy: `docker logs {name}`")

    def finish(self, container: Container) -> None:
        """Make room for the person, and run what the `devcontainer.json` wants run in one of ours."""
        person = prepare(self.system, self.api, container, self.blueprint)
        synchronise(self.system, self.api, container, self.blueprint)
        # What another tool made, that tool has set up.
        if FINGERPRINT in container.labels:
            run_hooks(self.system, self.api, container, self.blueprint, person)

    def refuse_interruption(self, standing: Container) -> None:
        """Raises DevtoolError where a program works in the container, unless that was said not to matter."""
        working = work_inside(self.api, standing)
        if working and not self.force:
            named = ", ".join(f"`{each}`" for each in working)
            raise DevtoolError(
                f"{named} works in `{standing.name}`, which `--recreate` would end",
                "wait for it, or give `--force` as well",
            )


def work_inside(api: Api, container: Container) -> tuple[str, ...]:
    """The programs that were started in a running container from outside and have not ended."""
    if not container.running:
        return ()
    found = []
    for exec_id in api.inspect(container.id).get("ExecIDs") or ():
        facts = api.get(f"/exec/{exec_id}/json")
        if facts.get("Running"):
            process = facts.get("ProcessConfig") or {}
            words = [str(process.get("entrypoint", "")), *map(str, process.get("arguments") or ())]
            found.append(_shortened(" ".join(" ".join(words).split())))
    return tuple(found)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
