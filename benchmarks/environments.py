"""How much sooner an environment stands with uv than with pip, side by side, each on its own warm cache.

    python benchmarks/environments.py [--rounds N] [--python PATH] [--uv PATH]

Both sides are what `devtool setup` and `devtool test` run: with uv on PATH, and without it, where venv and
pip do the work. A first round of each fills its cache from the same index and is not counted; then they
take turns, each environment in a folder that was not there. Environments:

- Conan's, of both majors, as `setup` makes it;
- the end-to-end client's, as `test` makes it.

Leaves with 1 when a median of the rounds' ratios is below the bar (3).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from devtool.adapters.environments import ensure_environment
from devtool.adapters.milvus.client import NEWEST
from devtool.system import System, real_system
from devtool.system.process import RealProcess

BAR = 3.0
ENVIRONMENTS = {
    "conan 1.61.0": ("conan==1.61.0",),
    "conan 2.25.1": ("conan==2.25.1",),
    "end-to-end client": (*NEWEST.packages, "pytest>=8,<9"),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default=shutil.which("python3.11"), help="a Python 3.11, for all of them")
    beside = shutil.which("uv", path=os.path.dirname(sys.executable))
    parser.add_argument("--uv", default=beside or shutil.which("uv"), help="the uv to measure")
    chosen = parser.parse_args()
    if chosen.python is None or chosen.uv is None:
        parser.error("it takes a Python 3.11 and uv: name them by `--python` and `--uv`")
    missed = False
    with TemporaryDirectory() as folder:
        place = Path(folder)
        sides = {name: machine(place / name, programs) for name, programs in tools(chosen).items()}
        for name, packages in ENVIRONMENTS.items():
            seconds = measure(sides, place, packages, chosen.rounds)
            ratios = [pip / uv for uv, pip in zip(seconds["uv"], seconds["pip"], strict=True)]
            ratio = statistics.median(ratios)
            missed |= ratio < BAR
            told = ", ".join(f"{side} {statistics.median(each):6.2f} s" for side, each in seconds.items())
            spread = f"rounds {min(ratios):.1f} to {max(ratios):.1f}"
            print(f"{name:18} {told}: {ratio:.1f} x ({spread}; bar: {BAR:.0f})", flush=True)
    return int(missed)


def tools(chosen: argparse.Namespace) -> dict[str, dict[str, str]]:
    """The programs that each side finds."""
    # A version manager's shim would be a part of what is measured.
    argv = [chosen.python, "-c", "import sys; print(sys.executable)"]
    python = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    return {"uv": {"python3.11": python, "uv": os.path.realpath(chosen.uv)}, "pip": {"python3.11": python}}


def machine(place: Path, programs: dict[str, str]) -> System:
    """This machine, with a home of its own and a PATH that leads to these programs and the system's."""
    (place / "bin").mkdir(parents=True)
    for name, target in programs.items():
        (place / "bin" / name).symlink_to(target)
    network = ("PIP_", "UV_", "SSL_", "HTTP", "HTTPS", "NO_PROXY")
    env = {name: value for name, value in os.environ.items() if name.upper().startswith(network)}
    for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR"):
        env.pop(name, None)
    env |= {"HOME": str(place), "PATH": f"{place}/bin:/usr/bin:/bin"}
    assert (shutil.which("uv", path=env["PATH"]) is None) == ("uv" not in programs)
    return replace(real_system("/"), env=env, process=RealProcess(env))


def measure(
    sides: dict[str, System], place: Path, packages: tuple[str, ...], rounds: int
) -> dict[str, list[float]]:
    """How long each side took in each round, uv and pip in turn."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(rounds + 1):
        for side, system in sides.items():
            path = place / f"environment-{side}"
            started = time.perf_counter()
            ensure_environment(system, str(path), "==3.11.*", packages)
            if number:
                seconds[side].append(time.perf_counter() - started)
            shutil.rmtree(path)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
