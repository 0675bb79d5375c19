"""Running a person's own command under our eyes: its output passes at once and untouched, and is kept.

Where our output is a terminal the command gets one of its own (`lodged`),
else it runs beside us (`beside`). Either way each stream that is no terminal
goes through its own pipe, and two that are one file stay one.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from devtool.model.following import Followed
from devtool.system.arrivals import PASSED_ON, Arrivals
from devtool.system.following.flow import Flow, pipe
from devtool.system.following.launch import Start, StartError, ignored_signals, own_environment, refusal
from devtool.system.following.log import Log
from devtool.system.following.relay import Relay
from devtool.system.following.watcher import Watcher
from devtool.system.sink import Sink

if TYPE_CHECKING:
    from devtool.system.following.beside import Beside
    from devtool.system.following.lodged import Lodged
    from devtool.system.following.watcher import Watch

_STDOUT, _STDERR = 1, 2
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
_WANTED = (*PASSED_ON, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT)


def follow(
    argv: Sequence[str],
    *,
    cwd: str,
    env: Mapping[str, str],
    log_folder: str | None,
    watch: Watch | None = None,
    fail_fast: bool = False,
    called: str = "",
) -> Followed:
    """Run the command to its end; `watch` makes what announces lines from its output as it comes."""
    command = Start(tuple(argv), cwd, own_environment(env), ignored_signals())
    log = Log(log_folder, called or argv[0])
    watcher = Watcher(watch, log.path) if watch is not None and log.path is not None else None
    try:
        return _follow(command, log, watcher, fail_fast)
    except StartError as error:
        log.discard()
        return _not_started(command, error.number)
    finally:
        if watcher is not None:
            watcher.close()
        log.close()


def _follow(command: Start, log: Log, watcher: Watcher | None, fail_fast: bool) -> Followed:
    lodged = os.isatty(_STDOUT) or os.isatty(_STDERR)
    # In the lent terminal a stop comes from the command; without one the kernel stops us with it.
    ours = (*_WANTED, signal.SIGTSTP) if lodged else _WANTED
    with Arrivals(ours) as arrivals:
        sinks, flows, redirected = _streams()
        running = _lodge(command, sinks, flows, redirected) if lodged else _beside(command, redirected)
        for descriptor in set(redirected.values()):
            os.close(descriptor)
        if running.flow is not None:
            flows.append(running.flow)
        relay = Relay(running, flows, sinks[_STDERR], log, watcher, arrivals, fail_fast)
        running.drain = relay.drain
        try:
            relay.run()
        finally:
            running.close()
            relay.close()
    code = os.waitstatus_to_exitcode(running.status or 0)
    return Followed(
        "ended",
        code if code >= 0 else 128 - code,
        log_path=log.path,
        log_trouble=log.trouble,
        announced=relay.announced,
        cut_short=relay.cut_short,
        open_line=not sinks[_STDERR].at_line_start,
        reader_gone=any(sink.broken for sink in sinks.values()),
        unwritten=next((sink.trouble for sink in sinks.values() if sink.trouble), ""),
    )


def _streams() -> tuple[dict[int, Sink], list[Flow], dict[int, int]]:
    """Our two outputs, a flow for each that is no terminal, and what the command gets for it."""
    sinks: dict[int, Sink] = {}
    flows: list[Flow] = []
    redirected: dict[int, int] = {}
    for number in (_STDOUT, _STDERR):
        if number == _STDERR and _same(_STDOUT, _STDERR):
            # One pipe for `2>&1`: two would lose the order of what is written.
            sinks[number] = sinks[_STDOUT]
            if _STDOUT in redirected:
                redirected[number] = redirected[_STDOUT]
            continue
        sinks[number] = Sink(number)
        if not os.isatty(number):
            reading, redirected[number] = pipe()
            flows.append(Flow(reading, sinks[number]))
    if os.isatty(_STDOUT) and os.isatty(_STDERR):
        sinks[_STDERR] = sinks[_STDOUT]
    return sinks, flows, redirected


def _same(one: int, other: int) -> bool:
    a, b = os.fstat(one), os.fstat(other)
    return (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino)


def _lodge(command: Start, sinks: dict[int, Sink], flows: list[Flow], redirected: dict[int, int]) -> Lodged:
    from devtool.system.following.lodged import Lodged
    from devtool.system.terminal import Terminal

    given = next(number for number in range(3) if os.isatty(number))
    screen = sinks[_STDOUT if os.isatty(_STDOUT) else _STDERR]
    return Lodged(command, Terminal(given), redirected, flows, screen)


def _beside(command: Start, redirected: dict[int, int]) -> Beside:
    from devtool.system.following.beside import Beside

    return Beside(command, redirected)


def _not_started(command: Start, number: int) -> Followed:
    if number == errno.ENOENT and not os.path.isdir(command.cwd):
        return Followed("refused", _NOT_EXECUTABLE, f"the folder `{command.cwd}` no longer exists")
    why = refusal(command.argv, command.env.get("PATH", os.defpath), number)
    if why is None:
        return Followed("absent", _NOT_FOUND)
    return Followed("refused", _NOT_EXECUTABLE, why)
