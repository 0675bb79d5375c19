"""How many jobs a build starts: as many as there are processors, and no more than memory carries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devtool.model.build import Jobs
from devtool.model.host import GIB
from devtool.workflows.building.history import Record

PER_JOB_BYTES = 2 * GIB
"""What one C++ compiler takes, as long as the project does not say otherwise."""
_NOTHING = Record()
# What is sold as 8 GB reports 7.4 to 7.8 GiB: firmware and kernel keep the rest.
_RESERVED_SHARE = 0.1


@dataclass(frozen=True)
class Room:
    """What a place has for jobs."""

    cpus: int
    memory_bytes: int | None
    """The smallest limit there; None where none is known."""
    whose: str = ""
    """Whose memory that is, such as `the engine's memory`."""


def decide(
    room: Room,
    *,
    asked: int | None,
    told: tuple[int, str] | None = None,
    record: Record = _NOTHING,
    per_job_bytes: int | None = None,
) -> Jobs:
    """How many, and why: `asked` on the command line, else `told` by the environment, else computed."""
    if asked is not None:
        return Jobs(asked, "`--jobs`")
    if told is not None:
        return Jobs(*told)
    each = per_job_bytes or PER_JOB_BYTES
    jobs = Jobs(max(1, room.cpus), f"{room.cpus} CPU{'s' if room.cpus != 1 else ''}")
    if room.memory_bytes is not None:
        fitting = max(1, int(room.memory_bytes / (1 - _RESERVED_SHARE) // each))
        if fitting < jobs.count:
            jobs = Jobs(fitting, f"{_gib(room.memory_bytes)} of {room.whose}, {_gib(each)} for each")
    most = record.most(room.memory_bytes)
    if most is not None and most < jobs.count:
        earlier = f"an earlier build with {record.killed} ran out of memory"
        return Jobs(most, f"{earlier}{', one with this many did not' if record.held else ''}")
    return jobs


def told_by(env: Mapping[str, str], variables: Sequence[str]) -> tuple[int, str] | None:
    """The number of jobs that the person's environment names already, and where."""
    for stated in variables:
        name, _, form = stated.partition("=")
        before, _, after = (form or "{}").partition("{}")
        pattern = rf"(?:^|(?<= )){re.escape(before)}(\d{{1,4}}){re.escape(after)}(?= |$)"
        found = re.search(pattern, env.get(name, ""))
        if found and int(found[1]) > 0:
            return int(found[1]), f"`{name}` of your environment"
    return None


def variables(stated: Sequence[str], jobs: int) -> dict[str, str]:
    """What is set for so many jobs."""
    made = {}
    for each in stated:
        name, _, form = each.partition("=")
        made[name] = (form or "{}").replace("{}", str(jobs))
    return made


def _gib(count: int) -> str:
    return f"{count / GIB:.1f}".removesuffix(".0") + " GiB"
