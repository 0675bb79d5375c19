"""What `devtool container up` costs where the container runs, side by side with `docker compose up -d`.

    python benchmarks/container_up.py [--rounds N]

Interleaved; the median of the rounds' ratios (bar: 2.0), for each Compose that is here. Takes a Docker engine
and a static busybox; leaves nothing behind. Leaves with 1 when the bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

BAR = 2.0
DEVTOOL = [sys.executable, "-m", "devtool", "container"]
COMPOSES = (["docker", "compose"], ["docker-compose"])
FILE = """services:
  dev:
    image: {image}
    init: true
    command: ["sleep", "1000000"]
    volumes: [".:/work"]
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    busybox = shutil.which("busybox")
    if not busybox or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        print("a Docker engine and a static busybox are needed")
        return 2
    name = f"devtool-bench-{uuid.uuid4().hex[:8]}"
    missed = False
    with TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        checkout = Path(folder, name)
        checkout.mkdir()
        (checkout / "docker-compose.yml").write_text(FILE.format(image=name))
        make_image(name, busybox, Path(folder, "tree"))
        try:
            for compose in COMPOSES:
                missed |= measured(compose, checkout, options.rounds)
        finally:
            subprocess.run(["docker", "rmi", name], check=True, capture_output=True)
    return int(missed)


def make_image(name: str, busybox: str, tree: Path) -> None:
    """A container's root with busybox under all its names."""
    (tree / "bin").mkdir(parents=True)
    (tree / "etc").mkdir()
    (tree / "etc/passwd").write_text("root:x:0:0:root:/:/bin/sh\n")
    shutil.copy(busybox, tree / "bin/busybox")
    names = subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True).stdout.split()
    for each in set(names) - {"busybox"}:
        (tree / "bin" / each).symlink_to("busybox")
    packed = subprocess.run(["tar", "-c", "-C", str(tree), "."], check=True, capture_output=True).stdout
    change = ["--change", "ENV PATH=/bin"]
    subprocess.run(["docker", "import", *change, "-", name], input=packed, check=True, capture_output=True)


def measured(compose: list[str], checkout: Path, rounds: int) -> bool:
    """Print one line; whether the bar is missed."""
    asked = subprocess.run([*compose, "version", "--short"], capture_output=True, text=True, check=False)
    if asked.returncode:
        return False
    up = [*compose, "up", "-d"]
    timed(up, checkout)
    try:
        timed([*DEVTOOL, "up"], checkout)
        pairs = [(timed(up, checkout), timed([*DEVTOOL, "up"], checkout)) for _ in range(rounds)]
    finally:
        timed([*compose, "down", "-t", "1"], checkout)
    theirs, ours = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(our / their for their, our in pairs)
    figures = f"{theirs * 1000:.0f} ms, devtool {ours * 1000:.0f} ms, ratio {ratio:.2f}"
    print(f"compose {asked.stdout.strip()}: {figures}")
    return ratio > BAR


def timed(argv: list[str], cwd: Path) -> float:
    began = time.perf_counter()
    subprocess.run(argv, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
