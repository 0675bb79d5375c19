"""How long `devtool doctor` takes, against what it cannot be faster than. Ratios are measured in one run.

    .devtool/environment/bin/python benchmarks/doctor.py [--rounds N] [--checkout DIR]

- cold: every check at once, against the slowest single check measured alone;
- warm: against `python -c "import click"`;
- hung: three tools on PATH that sleep for a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLICK = [sys.executable, "-c", "import click"]
# As `scripts/devtool` starts it: isolated, by the installed command.
DOCTOR = [sys.executable, "-I", str(Path(sys.executable).with_name("devtool")), "doctor", "--format", "json"]
HUNG = ("go", "cmake", "ninja")


def timed(argv: list[str], cwd: str, env: dict[str, str]) -> tuple[float, str, int]:
    started = time.perf_counter()
    answer = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    return time.perf_counter() - started, answer.stdout, answer.returncode


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--checkout", default=os.getcwd())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "XDG_CACHE_HOME": home}
        cold(options, env)
        warm(options, env)
        hung(options, env, Path(home))


def cold(options: argparse.Namespace, env: dict[str, str]) -> None:
    _, listing, _ = timed([*DOCTOR, "--no-cache"], options.checkout, env)
    ids = [finding["id"] for finding in json.loads(listing)["findings"]]
    alone = {
        name: json.loads(timed([*DOCTOR, "--no-cache", "--only", name], options.checkout, env)[1])[
            "findings"
        ][0]["seconds"]
        for name in ids
    }
    slowest = max(alone, key=lambda name: alone[name])
    walls, clicks = [], []
    for _ in range(options.rounds):
        walls.append(timed([*DOCTOR, "--no-cache"], options.checkout, env)[0])
        clicks.append(timed(CLICK, options.checkout, env)[0])
    wall, start = statistics.median(walls), statistics.median(clicks)
    print(f"cold: {wall * 1000:.0f} ms for {len(ids)} checks")
    print(f"  slowest alone: {slowest} {alone[slowest] * 1000:.0f} ms; all, one after the other: ", end="")
    print(f"{sum(alone.values()) * 1000:.0f} ms; `import click`: {start * 1000:.0f} ms")
    print(f"  above the slowest: {(wall - alone[slowest]) * 1000:.0f} ms (bar: 100 ms)")


def warm(options: argparse.Namespace, env: dict[str, str]) -> None:
    timed(DOCTOR, options.checkout, env)
    doctors, clicks = [], []
    for _ in range(options.rounds * 2):
        doctors.append(timed(DOCTOR, options.checkout, env)[0])
        clicks.append(timed(CLICK, options.checkout, env)[0])
    doctor, click = statistics.median(doctors), statistics.median(clicks)
    print(f"warm: {doctor * 1000:.0f} ms, `import click` {click * 1000:.0f} ms: ", end="")
    print(f"{doctor / click:.2f} times (bar: 2.5)")


def hung(options: argparse.Namespace, env: dict[str, str], home: Path) -> None:
    folder = home / "bin"
    folder.mkdir()
    for name in HUNG:
        (folder / name).write_text("#!/bin/sh\nsleep 60.25\n")
        (folder / name).chmod(0o755)
    slow = {**env, "PATH": f"{folder}:{env['PATH']}"}
    wall, text, status = timed([*DOCTOR, "--no-cache"], options.checkout, slow)
    unknown = [f["id"] for f in json.loads(text)["findings"] if f["severity"] == "unknown"]
    left = subprocess.run(["pgrep", "-fc", "sleep 60.25"], capture_output=True, text=True, check=False)
    print(f"hung: {wall:.2f} s with {', '.join(HUNG)} asleep (bar: 6 s), exit status {status}", end="")
    print(f", unknown: {', '.join(unknown)}; left running: {left.stdout.strip()}")


if __name__ == "__main__":
    main()
