"""How fast `devtool diagnose` reads, against `grep -F -c -f` with the same literals on the same file.

    .devtool/environment/bin/python benchmarks/diagnose.py [--megabytes N] [--rounds N] [--folder DIR]

The log is made up: lines that a build of Milvus prints (CMake, compilers and their warnings, Go and
its tests, Conan, Docker, a server's own log), every thousandth an error, and every example
of the whole knowledge stands in it a few times in a gigabyte. Both programs run in turn, so that what
else the machine does falls on both alike. Forms:

- plain, coloured, stamped (a time before each line), gzip (against `zcat | grep`);
- memory at a tenth and at the whole size, start-up with and without the cached knowledge.

Leaves with 1 when a bar is missed: as fast as grep on the plain log, 150 MB, flat, 150 ms to compile.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from devtool.knowledge.library import Entry, gather, own_failures
from devtool.knowledge.matcher import Matcher

DIAGNOSE = [sys.executable, "-m", "devtool", "diagnose", "--format", "json"]
MEMORY_MIB, FLAT, COMPILE_MS = 150, 1.15, 150
ORDINARY = (
    (
        40,
        "[ {p:2d}%] Building CXX object internal/core/src/segcore/CMakeFiles/milvus_segcore.dir/Seg{n}.cpp.o",
    ),
    (12, "[{n}/5210] Building CXX object src/index/CMakeFiles/milvus_index.dir/Index{n}.cpp.o"),
    (
        12,
        "/usr/bin/c++ -DBOOST_ALL_NO_LIB -I/src/internal/core/src -isystem /home/ada/.conan/data/"
        "folly/2023.10.30.08/milvus/dev/package/8a1/include -O3 -DNDEBUG -fPIC -Werror"
        " -std=gnu++17 -MD -MF CMakeFiles/x{n}.cpp.o.d -o CMakeFiles/x{n}.cpp.o -c /src/x{n}.cpp",
    ),
    (
        5,
        "/src/internal/core/src/common/x{n}.cpp:{p}:12: warning: unused variable [-Wunused-variable]",
    ),
    (5, "In file included from /src/internal/core/src/query/Plan{n}.h:{p},"),
    (1, "-- Looking for pthread_create{n} in pthreads - not found"),
    (1, "-- Found OpenSSL: /usr/lib/x86_64-linux-gnu/libcrypto.so (found version 3.0.{p})"),
    (2, "folly/2023.10.30.08@milvus/dev: Package '8a1f{n}' already built, using cached"),
    (2, "go: downloading github.com/aws/aws-sdk-go v1.44.{n}"),
    (1, "ok  \tgithub.com/milvus-io/milvus/internal/util/pkg{n}\t0.{p}s\tcoverage: {p}.1% of statements"),
    (1, "=== RUN   TestSegment_{n}"),
    (1, "--- PASS: TestSegment_{n} (0.{p:02d}s)"),
    (
        8,
        '[2026/01/02 03:04:05.{p:03d} +00:00] [INFO] [datacoord/meta.go:{n}] ["meta update"] [segment={n}]',
    ),
    (
        2,
        '[2026/01/02 03:04:05.{p:03d} +00:00] [WARN] [proxy/task.go:{n}] ["query failed, retry"] [error="x"]',
    ),
    (2, "Step {p}/40 : RUN apt-get update && apt-get install -y --no-install-recommends g++ gcc make ccache"),
    (1, " ---> Running in 8f{n}c2b{n}a{n}"),
    (4, "Get:{p} http://archive.example.org/ubuntu jammy/main amd64 lib{n} amd64 1.{p} [{n} kB]"),
)
"""Lines that tools print, each with how many of a hundred it is."""
ERRORS = ("/src/x{n}.cpp:{p}:3: error: use of undeclared thing{n}", "make[2]: *** [x{n}.cpp.o] Error 1")
COLOURED = ("\x1b[32m", "\x1b[01m\x1b[K", "\x1b[01;35m\x1b[K", "\x1b[36m")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the logs are made; twice their size is needed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        literals = folder / "literals"
        anchors = Matcher(gather(map(Entry.of, own_failures()), ())).anchors
        literals.write_text("".join(f"{each}\n" for each in dict.fromkeys(a.rstrip("\r\n") for a in anchors)))
        missed = [started(folder, 7), *compare(folder, literals, options.megabytes, options.rounds)]
    return int(any(missed))


def compare(folder: Path, literals: Path, megabytes: int, rounds: int) -> Iterator[bool]:
    """Every form of the log in turn; whether each bar is missed."""
    env = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    whole, tenth = folder / "build.log", folder / "tenth.log"
    for form, dress in (("plain", str), ("coloured", coloured), ("stamped", stamped), ("gzip", str)):
        size = make(whole, megabytes, dress)
        log = whole
        if form == "gzip":
            log = folder / "build.log.gz"
            with whole.open("rb") as source, gzip.open(log, "wb", compresslevel=1) as target:
                shutil.copyfileobj(source, target)
        argv = ["grep", "-F", "-c", "-f", str(literals), str(log)]
        if form == "gzip":
            argv = ["sh", "-c", f"zcat '{log}' | grep -F -c -f '{literals}'"]
        ours, greps, peak = race([*DIAGNOSE, str(log)], argv, rounds, env)
        slower = ours > greps
        print(f"{form:9} {size / 1e6:5.0f} MB: devtool {ours:5.2f} s, grep {greps:5.2f} s: ", end="")
        print(f"{ours / greps:.2f} times, peak {peak:.0f} MiB{'  <- slower' if slower else ''}", flush=True)
        yield slower and form == "plain"
        if form == "plain":
            make(tenth, megabytes // 10, dress)
            small = race([*DIAGNOSE, str(tenth)], ["true"], 1, env)[2]
            print(f"          peak at a tenth {small:.0f} MiB: {peak / small:.2f} times (bar: {FLAT})")
            yield peak > MEMORY_MIB or peak > FLAT * small


def started(folder: Path, rounds: int) -> bool:
    """What the knowledge costs at start, read anew and from the cache."""
    log = folder / "small.log"
    log.write_text("nothing\n")
    cold, warm, bare = [], [], []
    for number in range(rounds):
        env = {**os.environ, "XDG_CACHE_HOME": str(folder / f"cache-{number}")}
        cold.append(timed([*DIAGNOSE, str(log)], env)[0])
        warm.append(timed([*DIAGNOSE, str(log)], env)[0])
        bare.append(timed([sys.executable, "-c", "import click, hyperscan"], env)[0])
    first, again, least = (statistics.median(each) * 1000 for each in (cold, warm, bare))
    print(f"start-up: {first:.0f} ms, with cached knowledge {again:.0f} ms; ", end="")
    print(f"`import click, hyperscan` {least:.0f} ms (bar: {COMPILE_MS} ms above it, cached)", flush=True)
    return again - least > COMPILE_MS


def race(ours: list[str], theirs: list[str], rounds: int, env: dict[str, str]) -> tuple[float, float, float]:
    """Medians of both in seconds, and our peak in MiB."""
    runs = [(timed(ours, env), timed(theirs, env)[0]) for _ in range(rounds)]
    peak = max(run[0][1] for run in runs)
    return statistics.median(r[0][0] for r in runs), statistics.median(r[1] for r in runs), peak


def timed(argv: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds, and the peak of memory in MiB."""
    begun = time.perf_counter()
    # grep stops at the first line that matches when its output goes to `/dev/null`.
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(argv, env=env, stdout=output)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{argv[0]} ended with {child.returncode}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return time.perf_counter() - begun, used.ru_maxrss / unit


def make(path: Path, megabytes: int, dress: Callable[[str], str]) -> int:
    """Write the log: 8 MB of lines that are all different, again and again, with the failures between."""
    draw = random.Random(7)
    weights, forms = zip(*ORDINARY, strict=True)
    chosen = draw.choices(forms, weights, k=80_000)
    chosen[::1000] = draw.choices(ERRORS, k=80)
    lines = [form.format(n=draw.randrange(10_000), p=draw.randrange(100)) for form in chosen]
    block = "".join(dress(line) + "\n" for line in lines).encode()
    said = [sample.log for known in own_failures() for sample in known.examples]
    size = 0
    with path.open("wb") as log:
        while size < megabytes * 1_000_000:
            failures = "".join(dress(line) + "\n" for line in draw.choice(said).splitlines())
            size += log.write(block) + log.write(failures.encode())
    return size


def coloured(line: str) -> str:
    """The line as a terminal is told to show it."""
    first, _, rest = line.partition(" ")
    colour = COLOURED[len(line) % len(COLOURED)]
    return f"{colour}{first}\x1b[m\x1b[K \x1b[1m{rest}\x1b[0m"


def stamped(line: str) -> str:
    """The line as GitHub Actions keeps it."""
    return f"2026-01-02T03:04:05.6789012Z {line}"


if __name__ == "__main__":
    sys.exit(main())
