"""Being asked to end, more than once."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import time
from devtool.system.signals import interrupt_on_termination
interrupt_on_termination()
try:
    print("ready", flush=True)
    time.sleep(30)
except BaseException as error:
    print("tidying", flush=True)
    time.sleep(0.5)
    print("tidied after", type(error).__name__, flush=True)
"""


@pytest.mark.parametrize(
    ("first", "named"),
    [
        (signal.SIGINT, "KeyboardInterrupt"),
        (signal.SIGTERM, "Interrupted"),
        (signal.SIGHUP, "Interrupted"),
        (signal.SIGQUIT, "Interrupted"),
    ],
)
def test_an_impatient_second_signal_does_not_cut_the_tidying_up_short(
    first: signal.Signals, named: str
) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(first)
        assert child.stdout.readline() == "tidying\n"
        for again in (first, signal.SIGINT, signal.SIGTERM):
            child.send_signal(again)

        assert child.stdout.read() == f"tidied after {named}\n"

    assert child.returncode == 0


def test_what_nohup_ignores_stays_ignored() -> None:
    program = f"import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n{PROGRAM}"

    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGTERM)

        assert child.stdout.read() == "tidying\ntidied after Interrupted\n"
