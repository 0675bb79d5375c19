"""From "what is this machine" to a green end-to-end run: each step announced, timed, cleaned up after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from devtool.detect import detect
from devtool.errors import DevtoolError
from devtool.model.deployment import Deployment
from devtool.model.host import Host
from devtool.model.journey import Journey, Step, StepState
from devtool.model.report import Report
from devtool.model.requirement import Needs
from devtool.model.testing import TestResult
from devtool.system import System
from devtool.workflows.advising import advise
from devtool.workflows.deploying import DEFAULT_NAME, down, status, up
from devtool.workflows.examination import Selection, examine_again
from devtool.workflows.known_needs import known_needs
from devtool.workflows.repairing import plan_for, repair
from devtool.workflows.testing import smoke

# A verdict from before knows neither packages nor lists that came since, and a plan rests on both.
_AFRESH = Selection(cached=False)


@dataclass(frozen=True)
class Options:
    """How far to go."""

    yes: bool = False
    dry_run: bool = False
    keep: bool = False
    """Leave Milvus running."""
    level: str = "L1"
    """Of the smoke suite."""


@dataclass
class _Way:
    """The steps so far, and who is told of each."""

    system: System
    announce: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, title: str, asks: bool = False) -> Iterator[_Outcome]:
        """Time one step; what it came to is what the body leaves in the outcome."""
        outcome = _Outcome()
        started = self.system.clock.monotonic()
        try:
            # A question would be overwritten by what shows that something goes on.
            with nullcontext() if asks else self.system.console.progress(title):
                yield outcome
        except BaseException as error:
            outcome.is_("failed", _said(error))
            raise
        finally:
            seconds = self.system.clock.monotonic() - started
            step = Step(title, outcome.state, outcome.text, seconds)
            self.steps.append(step)
            self.announce(step)


@dataclass
class _Outcome:
    state: StepState = "done"
    text: str = ""

    def is_(self, state: StepState, text: str) -> None:
        self.state, self.text = state, text


def onboard(system: System, options: Options, announce: Callable[[Step], None]) -> Journey:
    """Go all the way, telling `announce` of each step as it ends.

    Raises DevtoolError when Milvus cannot be started; what was started is ended first.
    """
    way = _Way(system, announce)
    with way.step("this machine") as outcome:
        host = detect(system, system.cwd)
        outcome.text = ", ".join(host.brief)
    with way.step("this checkout") as outcome:
        needs = known_needs(system)
        outcome.text = _read(needs)
    with way.step("examination") as outcome:
        report = examine_again(system, host, needs, _AFRESH)
        outcome.is_("done" if report.ready else "attention", _counted(report))
    report = _repaired(way, report, options)
    if options.dry_run:
        for title, text in (
            ("Milvus", "would be installed in an environment of its own, and started"),
            ("end-to-end run", "would go through create, insert, index, search and delete"),
            ("clean-up", "would leave Milvus running" if options.keep else "would stop what was started"),
        ):
            with way.step(title) as outcome:
                outcome.is_("planned", text)
        return Journey(tuple(way.steps), False, advise(system, report, None))
    green, left = _proved(way, host, options)
    return Journey(tuple(way.steps), green, advise(system, report, left))


def _repaired(way: _Way, report: Report, options: Options) -> Report:
    with way.step("repairs", asks=True) as outcome:
        plan = plan_for(way.system, report)
        if not plan.actions:
            outcome.is_("skipped", "nothing that devtool can repair by itself")
            return report
        if not (options.yes or options.dry_run or way.system.console.interactive):
            outcome.is_("skipped", f"{len(plan.actions)} possible: `devtool doctor --fix`, or `--yes` here")
            return report

        def look() -> Report:
            return examine_again(way.system, report.host, known_needs(way.system), _AFRESH)

        after = repair(way.system, report, examine=look, yes=options.yes, dry_run=options.dry_run)
        if options.dry_run:
            outcome.is_("planned", "the commands above")
        else:
            outcome.is_("done" if after.ready else "attention", _counted(after))
        return after


def _proved(way: _Way, host: Host, options: Options) -> tuple[bool, Deployment | None]:
    """Whether the end-to-end run passed, and the server that was left running."""
    system = way.system
    mark = f"{system.directories.state}/onboard-started"
    left_by_a_killed_run = system.files.kind(mark) is not None
    running = any(deployment.state == "running" for deployment in status(system, DEFAULT_NAME))
    theirs = running and not left_by_a_killed_run
    finished = False
    try:
        with way.step("Milvus") as outcome:
            if not theirs:
                system.files.write(mark, b"")
            deployment = up(system, host)
            state: StepState = "skipped" if running else "done"
            outcome.is_(state, f"{deployment.version} answers at {deployment.uri}")
        with way.step("end-to-end run") as outcome:
            result = smoke(system, deployment.uri, options.level)
            outcome.is_("done" if result.passed else "failed", _told(result))
        finished = True
        return result.passed, deployment if options.keep or theirs else None
    finally:
        with way.step("clean-up") as outcome:
            if theirs:
                outcome.is_("skipped", "Milvus was running before: left as it was")
            elif options.keep and finished:
                outcome.is_("skipped", "Milvus is left running, as asked")
            else:
                down(system)
                outcome.text = "Milvus is stopped; its data and environments are kept"
            system.files.remove(mark)


def _said(error: BaseException) -> str:
    if isinstance(error, DevtoolError):
        return error.message
    return "interrupted" if isinstance(error, KeyboardInterrupt) else type(error).__name__


def _told(result: TestResult) -> str:
    broken = [f"{case.name}: {case.message}" for case in result.cases if case.outcome in ("failed", "error")]
    passed = f"{result.count('passed')} of {len(result.cases)} tests passed with {result.client}"
    return "; ".join([passed, *broken[:3]])


def _read(needs: Needs) -> str:
    if needs.project is None:
        return "none here: going on with what needs no checkout"
    return f"{needs.project}: {len(needs.requirements)} needs read in {needs.root}"


def _counted(report: Report) -> str:
    """Names where something is wrong, numbers where it is not."""
    named = [
        (severity, ", ".join(f.id for f in report.findings if f.severity == severity))
        for severity in ("failure", "unknown", "warning")
    ]
    words = {"failure": "failed", "unknown": "not to be told", "warning": "to look at"}
    said = [f"{words[severity]}: {names}" for severity, names in named if names]
    return "; ".join([*said, f"{report.count('ok')} ok"])
