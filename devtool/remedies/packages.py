"""Having the package manager install, after whoever is at work with it, and saying why where it could not."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial

from devtool.adapters.mirrors import told
from devtool.adapters.package_lock import holder, holder_in, tells_of_lock
from devtool.model.command import Answer
from devtool.model.fix import CommandRun
from devtool.model.packages import InstallPackages
from devtool.remedies.bench import Prepared, Workbench, must, root_path
from devtool.remedies.package_failures import why_not_installed
from devtool.remedies.rooting import require_begun
from devtool.system import System

WAIT_SECONDS = 300.0
"""The updates of a fresh Ubuntu, which begin at its first start, take some minutes."""
_PAUSE_SECONDS = 3.0
# Debian's packages ask on the terminal while they are set up, and here nobody could answer.
_NO_QUESTIONS = {"DEBIAN_FRONTEND": "noninteractive"}


def install_packages(bench: Workbench, action: InstallPackages) -> Prepared:
    """Have the package manager install them, all commands under one `sudo`."""
    system = bench.system
    through_sudo = action.needs_root and not system.machine.is_root()

    def carry_out() -> None:
        commands = action.argvs
        if through_sudo:
            whole = commands[0] if len(commands) == 1 else ("sh", "-c", action.command)
            answer = _in_turn(system, lambda _: system.process.attach(("sudo", *whole)))
            require_begun(system, answer, whole, action.manager)  # whole it stands in the plan
            must(answer, action.preview)
            return
        for argv in commands:
            answer = _in_turn(system, partial(_run, system, argv))
            must(answer, shlex.join(argv), _hint(answer))

    return Prepared((CommandRun(action.command, action.undo_argv, action.needs_root),), carry_out)


def _in_turn(system: System, attempt: Callable[[bool], Answer]) -> Answer:
    """What came of it once nobody else is at work, or of the last attempt, which is told that it is."""
    deadline = system.clock.monotonic() + WAIT_SECONDS
    said: str | None = None
    while True:
        in_time = system.clock.monotonic() < deadline
        who = holder(system) if in_time else None
        if who is None:
            answer = attempt(not in_time)
            who = None if answer.ok else holder_in(answer.output)
            if who is None or not in_time:
                return answer
        if said is None:
            said = f"{who} is at work with packages: waiting up to {WAIT_SECONDS / 60:.0f} minutes for it"
            system.console.note(said)
        with system.console.progress(f"waiting for {who}"):
            system.clock.sleep(_PAUSE_SECONDS)


def _run(system: System, argv: tuple[str, ...], is_last: bool) -> Answer:
    def tell(line: str) -> None:
        if is_last or not tells_of_lock(line):  # else it is tried again, and said in one line
            system.console.note(line)

    return system.process.run(
        argv,
        timeout_seconds=None,
        cwd="/",
        env={**_NO_QUESTIONS, **told(system.env), "PATH": root_path(system)},
        on_line=tell,
    )


def _hint(answer: Answer) -> str | None:
    who = holder_in(answer.output)
    if who is not None:
        return f"{who} is still at work with packages: try again when it has ended"
    return why_not_installed(answer.output)
