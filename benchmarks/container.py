"""What working in the dev container costs, side by side with docker's own client.

    python benchmarks/container.py [--rounds N] [--megabytes N]

- `devtool container exec -- true` against `docker exec CONTAINER true` (bar: 1.6);
- 100 MB out of the container, `devtool container exec` against `docker exec`, into /dev/null (bar: 0.75 of
  its pace), and the memory that takes (bar: flat).

Needs an engine and a static busybox on PATH (Debian's `busybox-static`). Makes an image, a container and a
network of its own and removes them. Leaves with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
EXEC_BAR, STREAM_BAR, MEMORY_BAR = 1.6, 0.75, 1.15
IMAGE = "devtool-benchmark/busybox:1"
DEVTOOL = [sys.executable, "-m", "devtool", "container"]
APPLETS = ("sh", "sleep", "tail", "true", "yes", "head", "grep", "cat", "id", "mkdir", "chown", "chmod")
COMPOSE_FILE = """\
services:
  dev:
    image: {image}
    init: true
    command: sleep 86400
    working_dir: /work
    volumes: ["./:/work"]
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--megabytes", type=int, default=100)
    options = parser.parse_args()
    busybox = shutil.which("busybox")
    if not busybox or not shutil.which("docker"):
        print("docker and a static busybox must be on PATH")
        return 2
    with TemporaryDirectory() as folder:
        os.environ |= {f"XDG_{each}_HOME": f"{folder}/{each}" for each in ("STATE", "DATA", "CACHE")}
        os.environ["PYTHONPATH"] = str(ROOT)
        with container(Path(folder), busybox) as name:
            missed = compare("exec", [*DEVTOOL, "exec", "--", "true"], ["docker", "exec", name, "true"],
                             EXEC_BAR, options.rounds)  # fmt: skip
            missed |= stream(name, options.megabytes, max(3, options.rounds // 4))
    return int(missed)


@contextmanager
def container(folder: Path, busybox: str) -> Iterator[str]:
    """A project that is up by devtool; its container's name."""
    tree, project = folder / "tree", folder / "project"
    for each in (tree / "bin", tree / "etc", tree / "tmp", tree / "root", project / ".git"):
        each.mkdir(parents=True)
    shutil.copy(busybox, tree / "bin/busybox")
    for applet in APPLETS:
        (tree / "bin" / applet).symlink_to("busybox")
    (tree / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (project / "docker-compose.yml").write_text(COMPOSE_FILE.format(image=IMAGE))
    (project / ".env").write_text(f"COMPOSE_PROJECT_NAME=devtool-benchmark-{os.getpid()}\n")
    packed = subprocess.run(["tar", "-C", str(tree), "-c", "."], stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["docker", "import", "-", IMAGE], input=packed, stdout=subprocess.DEVNULL, check=True)
    os.chdir(project)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run([*DEVTOOL, "up"], check=True, stdout=subprocess.DEVNULL)
        found = subprocess.run(
            ["docker", "ps", "-q", "--filter", f"ancestor={IMAGE}"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        yield found.stdout.split()[0]
    finally:
        subprocess.run([*DEVTOOL, "down", "--volumes"], check=False, **quiet)
        subprocess.run(["docker", "rmi", IMAGE], check=False, **quiet)


def compare(name: str, ours: list[str], theirs: list[str], bar: float, rounds: int) -> bool:
    """Print the median of the rounds' ratios; whether the bar was missed."""
    seconds(ours), seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, other = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
    best = min(a for a, _ in pairs) / min(b for _, b in pairs)
    print(f"{name:8} {mine:6.0f} ms, {other:6.0f} ms: {ratio:.2f} (fastest of each: {best:.2f}; bar {bar})")
    return ratio > bar


def stream(name: str, megabytes: int, rounds: int) -> bool:
    """Compare the pace and our memory at a tenth of the output and at all of it."""
    ours = [*DEVTOOL, "exec", "--", "sh", "-c", talk(megabytes)]
    theirs = ["docker", "exec", name, "sh", "-c", talk(megabytes)]
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    pace = statistics.median(b / a for a, b in pairs)
    fast = megabytes / min(a for a, _ in pairs)
    small, large = (
        peak_kib([*DEVTOOL, "exec", "--", "sh", "-c", talk(each)]) for each in (megabytes // 10, megabytes)
    )
    growth = large / small
    print(f"stream   {fast:.0f} MB/s, {pace:.2f} of docker's pace (bar {STREAM_BAR})")
    print(
        f"memory   {small / 1024:.0f} MiB at a tenth, {large / 1024:.0f} MiB: {growth:.2f} (bar {MEMORY_BAR})"
    )
    return pace < STREAM_BAR or growth > MEMORY_BAR


def talk(megabytes: int) -> str:
    line = "[ 42%] Building CXX object internal/core/src/segcore/CMakeFiles/milvus_segcore.dir/Segment.cpp.o"
    return f"yes '{line}' | head -c {megabytes * 1000000}"


def seconds(argv: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begun


def peak_kib(argv: list[str]) -> int:
    with Path(os.devnull).open("wb") as sink:
        process = subprocess.Popen(argv, stdout=sink, stderr=sink)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
