"""How this process ends when it is asked to: unwinding once, so that what it started is ended."""

from __future__ import annotations

import signal

from devtool.errors import Interrupted

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def interrupt_on_termination() -> None:
    """Let the signals that ask us to end unwind the program once, so that what was started is ended.

    A second one is ignored: it would cut short the tidying up, which takes seconds at most.
    """

    def unwind(signal_number: int, _frame: object) -> None:
        for each in unwinding:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt if signal_number == signal.SIGINT else Interrupted(signal_number)

    untouched = (signal.SIG_DFL, signal.default_int_handler)
    # `nohup` and a shell's `&` stay in force.
    unwinding = [each for each in _ENDING if signal.getsignal(each) in untouched]
    for each in unwinding:
        signal.signal(each, unwind)
