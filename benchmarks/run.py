"""What `devtool run --` costs a build, side by side with the build alone.

    python benchmarks/run.py [--rounds N] [--job-seconds S]

- a `make` that works for some 25 s and prints 100 MB, into a pipe and on a terminal: `devtool run -- make`
  against `make`, interleaved; the median of the rounds' ratios (bar: 1.01);
- the time from a command's write to the byte being out (bar: 50 ms).

A start of Python is part of it, so a job of one second cannot pass; on a machine that is busy otherwise the
rounds scatter by more than the bar. Leaves with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

DEVTOOL = [sys.executable, "-m", "devtool", "run", "--"]
RATIO_BAR = 1.01
FIRST_BYTE_BAR_SECONDS = 0.05
TARGETS = 50
BYTES = 100_000_000
LINE = "[ 42%] Building CXX object internal/core/src/segcore/CMakeFiles/milvus_segcore.dir/Segment.cpp.o"
# A compiler as `make` sees it: works, and says a lot.
COMPILER = """
import sys, time
seconds, count, line = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3] + "\\n"
for _ in range(20):
    until = time.process_time() + seconds / 20
    while time.process_time() < until:
        sum(range(1000))
    sys.stdout.write(line * (count // 20))
"""
FIRST = "import os, time; time.sleep(0.3); os.write(1, b'%.6f' % time.time()); time.sleep(0.1)"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--job-seconds", type=float, default=25.0)
    options = parser.parse_args()
    if not shutil.which("make"):
        print("make is not on PATH")
        return 2
    with TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        job = makefile(Path(folder), options.job_seconds)
        missed = False
        for name, terminal in (("into a pipe", False), ("on a terminal", True)):
            missed |= compare(name, job, terminal, options.rounds)
        missed |= first_byte(options.rounds * 4)
    return int(missed)


def makefile(folder: Path, seconds: float) -> list[str]:
    """A build of many targets, one after the other."""
    names = " ".join(f"t{number}" for number in range(TARGETS))
    count = BYTES // TARGETS // (len(LINE) + 1)
    compiler = folder / "compiler.py"
    compiler.write_text(COMPILER)
    recipe = f"@'{sys.executable}' -S '{compiler}' {seconds / TARGETS} {count} '{LINE}'"
    (folder / "Makefile").write_text(f".PHONY: all {names}\nall: {names}\n{names}:\n\t{recipe}\n")
    return ["make", "-C", str(folder)]


def compare(name: str, job: list[str], terminal: bool, rounds: int) -> bool:
    ratios, added, work = [], [], []
    for number in range(rounds):
        # Each goes first as often: what the machine does meanwhile falls on both alike.
        order = [job, [*DEVTOOL, *job]] if number % 2 else [[*DEVTOOL, *job], job]
        measured = {len(argv): timed(argv, terminal) for argv in order}
        (alone, alone_work), (under, under_work) = measured[len(job)], measured[len(job) + len(DEVTOOL)]
        ratios.append(under / alone)
        added.append(under - alone)
        work.append(under_work - alone_work)
    ratio = statistics.median(ratios)
    above = "  <- above the bar" if ratio > RATIO_BAR else ""
    print(
        f"devtool run -- make / make, 100 MB {name}: {ratio:.4f} (bar: {RATIO_BAR}){above};"
        f" {statistics.median(added) * 1000:+.0f} ms, {statistics.median(work) * 1000:+.0f} ms of processors;"
        f" rounds: {' '.join(f'{each:.4f}' for each in ratios)}",
        flush=True,
    )
    return ratio > RATIO_BAR


def timed(argv: list[str], terminal: bool) -> tuple[float, float]:
    """Seconds to the end with a reader that keeps up, and seconds that processors worked for it."""
    worked = children_seconds()
    reading, writing = os.openpty() if terminal else os.pipe()
    passed = [0]
    reader = threading.Thread(target=swallow, args=(reading, passed), daemon=True)
    reader.start()
    started = time.perf_counter()
    subprocess.run(argv, stdout=writing, stderr=writing, stdin=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - started
    os.close(writing)
    reader.join()
    os.close(reading)
    assert passed[0] > BYTES * 0.95, f"only {passed[0]} bytes came through"
    return seconds, children_seconds() - worked


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def swallow(descriptor: int, passed: list[int]) -> None:
    while True:
        try:
            piece = os.read(descriptor, 1024**2)
        except OSError:  # a terminal that nobody holds any more
            return
        if not piece:
            return
        passed[0] += len(piece)


def first_byte(rounds: int) -> bool:
    delays: dict[str, list[float]] = {"alone": [], "under devtool run": []}
    for _ in range(rounds):
        for name, before in (("alone", []), ("under devtool run", DEVTOOL)):
            with subprocess.Popen(
                [*before, sys.executable, "-c", FIRST], stdout=subprocess.PIPE, bufsize=0
            ) as child:
                assert child.stdout is not None
                written = child.stdout.read(64)
                delays[name].append(time.time() - float(written))
    for name, values in delays.items():
        print(
            f"first byte {name}: {statistics.median(values) * 1000:.2f} ms, at most {max(values) * 1000:.2f}"
        )
    worst = max(delays["under devtool run"])
    print(f"first byte: {worst * 1000:.1f} ms at most (bar: {FIRST_BYTE_BAR_SECONDS * 1000:.0f} ms)")
    return worst > FIRST_BYTE_BAR_SECONDS


if __name__ == "__main__":
    sys.exit(main())
