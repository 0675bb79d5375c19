"""The next three things to do, for this machine and this checkout."""

from __future__ import annotations

from dataclasses import replace

from devtool.model.deployment import Deployment
from devtool.model.journey import Advice
from devtool.model.report import Report
from devtool.system import System
from devtool.system.invocation import program

_MILVUS = "https://github.com/milvus-io/milvus"
_FIRST_ISSUES = f"{_MILVUS}/issues?q=is%3Aopen+label%3A%22good+first+issue%22"
_MOST = 3


def advise(system: System, report: Report, running: Deployment | None) -> tuple[Advice, ...]:
    """What to do next, most pressing first."""
    advice = [*_about_the_checkout(system, report), _about_the_server(running)]
    if report.needs.project == "milvus":
        advice.append(
            Advice(_FIRST_ISSUES, "pick a first issue; then branch, and commit with `git commit -s`")
        )
    elif report.needs.project is not None:
        advice.append(Advice("git switch -c my-change", "start a branch; commit with `git commit -s`"))
    else:
        advice.append(
            Advice("devtool explain", "read what devtool examines, and how to cure each thing by hand")
        )
    word = program(system.env)
    return tuple(
        replace(each, command=word + each.command[len("devtool") :])
        if each.command.startswith("devtool ")
        else each
        for each in advice[:_MOST]
    )


def _about_the_checkout(system: System, report: Report) -> list[Advice]:
    if report.needs.project is None:
        return [Advice(f"git clone {_MILVUS}", "get the code; then run `devtool onboard` inside it")]
    failing = [f for f in report.ordered if f.severity in ("failure", "unknown")]
    if failing:
        repairable = [f.id for f in failing if any(remedy.actions for remedy in f.remedies)]
        others = [f.id for f in failing if f.id not in repairable]
        said = [f"repairs {', '.join(repairable)}"] if repairable else []
        said += [f"says how to cure {', '.join(others)}"] if others else []
        return [Advice("devtool doctor --fix" if repairable else "devtool doctor", " and ".join(said))]
    from devtool.requirements.needs import read

    profile = read(system, system.cwd).profile
    build = next(iter(profile.build), None) if profile else None
    return [Advice(build, "build this checkout: the machine is ready for it")] if build else []


def _about_the_server(running: Deployment | None) -> Advice:
    if running is not None:
        return Advice("devtool deploy down", f"ends the Milvus that is left running at {running.uri}")
    return Advice(
        "devtool deploy up", "keeps a Milvus running to try things on; `devtool deploy down` ends it"
    )
