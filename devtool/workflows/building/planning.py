"""Deciding all of a build before anything of it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devtool.adapters.remote_cache import parse
from devtool.adapters.repository import find_root
from devtool.detect import detect
from devtool.model.build import BuildPlan, PlaceName
from devtool.system import System
from devtool.workflows.building.gates import examine_gates
from devtool.workflows.building.ground import Ground, choose, room, survey
from devtool.workflows.building.history import Record, recall
from devtool.workflows.building.jobs import Room, decide, told_by, variables
from devtool.workflows.building.targets import Buildable, buildable, words
from devtool.workflows.containers.sharing import chosen
from devtool.workflows.known_needs import known_needs

if TYPE_CHECKING:
    from devtool.model.host import Host


@dataclass(frozen=True)
class Request:
    """What the person asks for."""

    target: str | None = None
    place: PlaceName | None = None
    jobs: int | None = None
    cache: str | None = None
    """The address of a compile cache that others share, where the person gives it."""
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A plan, and what performing it needs to know besides."""

    plan: BuildPlan
    request: Request
    ground: Ground
    room: Room
    host: Host
    record: Record
    cache: str | None = field(default=None, repr=False)
    """The address of the cache that is shared, whoever named it, its login in it."""

    @property
    def fewer(self) -> int | None:
        """How many jobs to start after memory ran out with these; None where one was already too many."""
        jobs = self.plan.jobs.count
        most = self.record.after_kill(jobs, self.room.memory_bytes).most(self.room.memory_bytes)
        return most if most is not None and most < jobs else None


def root_of(system: System) -> str:
    """The checkout around `system.cwd`, or that folder itself."""
    return known_needs(system).root or find_root(system, system.cwd) or system.cwd


def what(system: System) -> Buildable:
    """What the checkout in `system.cwd` lets be built. Raises InputError for a broken `devtool.toml`."""
    return buildable(system, system.cwd)


def prepare(system: System, request: Request) -> Prepared:
    """Decide where to build the checkout in `system.cwd`, with how many jobs, and examine what that needs.

    Raises InputError for an unknown target, and for a container that is asked for and described nowhere.
    """
    cache = chosen(system, request.cache)
    project = what(system)
    target = project.target(request.target)
    host, needs = detect(system, system.cwd), known_needs(system)
    ground = survey(system, request.place)
    place = choose(ground, request.place)
    space = room(ground, place, host)
    record = recall(system, system.cwd, place.name)
    jobs = decide(
        space,
        asked=request.jobs,
        told=told_by(system.env, project.jobs_variables),
        record=record,
        per_job_bytes=project.building.memory_per_job_bytes,
    )
    inside = place.name != "local" and ground.blueprint is not None
    blueprint = ground.blueprint if inside else None
    up = place.name == "devcontainer" and ground.container is not None
    plan = BuildPlan(
        target=target,
        place=place,
        jobs=jobs,
        argv=words(target, request.args),
        folder=blueprint.workspace if blueprint else system.cwd,
        environment={
            **variables(project.jobs_variables, jobs.count),
            **target.environment,
        },
        gates=examine_gates(system, ground, place, space, host, needs, built=record.built),
        container=ground.container.name if up and ground.container else None,
        image=blueprint.service.image if blueprint else None,
        cache=parse(cache).shown if cache else None,
    )
    return Prepared(plan, request, ground, space, host, record, cache)
