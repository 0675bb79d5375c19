"""What starting devtool costs, as ratios of medians of interleaved runs in one environment.

    python benchmarks/startup.py [--rounds N]

- `devtool --help` and `--version` against `python -c "import click"` (bar: 1.35);
- `scripts/devtool --version` against calling the program in its environment directly (bar: 1.15).

The environment is the one that `scripts/devtool` makes; leaves with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
LAUNCHER = str(CHECKOUT / "scripts/devtool")
BARS = (
    ("--help", "import click", 1.35),
    ("--version", "import click", 1.35),
    ("scripts/devtool --version", "--version", 1.15),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=41)
    rounds = parser.parse_args().rounds
    # Without its bytecode a start would measure the compiler.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([LAUNCHER, "--version"], env=env, check=True, stdout=subprocess.DEVNULL)
    folder = os.environ.get("DEVTOOL_ENVIRONMENT") or str(CHECKOUT / ".devtool/environment")
    python, program = f"{folder}/bin/python", f"{folder}/bin/devtool"
    commands = {
        "pass": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "--help": [program, "--help"],
        "--version": [program, "--version"],
        "scripts/devtool --version": [LAUNCHER, "--version"],
    }
    medians = measure(commands, rounds, env)
    for name, seconds in medians.items():
        print(f"{name:27} {seconds * 1000:6.1f} ms   {seconds / medians['import click']:.2f} x import click")
    missed = False
    for name, against, bar in BARS:
        ratio = medians[name] / medians[against]
        missed |= ratio > bar
        print(f"{name} / {against}: {ratio:.2f} (bar: {bar}){'  <- above the bar' if ratio > bar else ''}")
    return int(missed)


def measure(commands: dict[str, list[str]], rounds: int, env: dict[str, str]) -> dict[str, float]:
    """Medians; one of each in turn, so that what else the machine does falls on all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, argv in commands.items():
            started = time.perf_counter()
            subprocess.run(argv, env=env, check=True, capture_output=True)
            if number:  # the first round writes bytecode and fills caches
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


if __name__ == "__main__":
    sys.exit(main())
