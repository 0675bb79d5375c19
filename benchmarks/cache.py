"""What a compile cache shared by two machines gains, and what one costs that does not answer.

    python benchmarks/cache.py [--rounds N] [--units N] [--image NAME]

- a second machine, with another path of the checkout and an empty cache of its own, builds C++ that a first
  one has built: Redis in a third container; the median of the rounds' ratios (bar: 20 times as fast as cold);
- the time it takes to find that a storage is refused, unresolvable, without a route, silent (bar: 0.6 s once
  a build), and what each would cost every single compilation if ccache were left to find out.

The image must hold `ccache`, `cmake`, `ninja`, `g++`, `redis-server` and `python3`; the default is the one
that `pytest tests/real/test_container_bed.py` makes. Leaves with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from devtool.adapters.engine.api import connect
from devtool.model.container import Blueprint, Container, Person, Service
from devtool.system import real_system
from devtool.workflows.containers.sharing import Asker, Sharing, inside, share, told

RATIO_BAR = 20.0
ASKING_BAR_SECONDS = 0.6
STAND_IN = "devtool-test/milvus-env"
ME = Person(12345, 12345, "me", "/tmp", {"HOME": "/tmp", "CCACHE_DIR": "/tmp/ccache"})
UNIT = r"""#include <map>\n#include <regex>\n#include <string>\n#include <vector>
std::vector<std::string> unit@N@(const std::string& text) {
  std::map<std::string, std::regex> known{{"w@N@", std::regex("[a-z]+@N@")}, {"n", std::regex("[0-9]+")}};
  std::vector<std::string> found;
  for (const auto& [name, pattern] : known)
    for (std::sregex_iterator each(text.begin(), text.end(), pattern), end; each != end; ++each)
      found.push_back(name + each->str());
  return found;
}\n"""
PROJECT = """mkdir -p "$1" && cd "$1" && for n in $(seq "$2"); do
  printf '%b' "$UNIT" | sed "s/@N@/$n/g" >unit_$n.cpp
done
printf '%s\\n' 'cmake_minimum_required(VERSION 3.18)' 'project(sample CXX)' 'set(CMAKE_CXX_STANDARD 17)' \\
  'file(GLOB units ${CMAKE_CURRENT_SOURCE_DIR}/unit_*.cpp)' 'add_library(sample SHARED ${units})' \\
  >CMakeLists.txt
cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
"""
T = TypeVar("T")
SILENT = "import socket, time; s = socket.create_server(('', 7001), backlog=99); time.sleep(600)"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--units", type=int, default=12)
    parser.add_argument("--image", default="")
    options = parser.parse_args()
    image = options.image or docker("images", "-q", STAND_IN).partition("\n")[0]
    if not image:
        print(f"there is no image `{STAND_IN}`; `pytest tests/real/test_container_bed.py` makes it")
        return 2
    missed = gain(image, options.rounds, options.units)
    return int(missed | cost(image))


def gain(image: str, rounds: int, units: int) -> bool:
    """Build on a first and on a second machine, and compare."""
    ratios = []
    for _ in range(rounds):
        with running(image) as storage, running(image) as one, running(image) as two:
            docker("exec", "-d", storage, "redis-server", "--save", "", "--protected-mode", "no")
            address = docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", storage)
            await_(lambda: docker("exec", storage, "redis-cli", "ping") == "PONG")
            url = f"redis://{address}"
            cold, _ = build(one, "/tmp/checkout", units, url)
            warm, line = build(two, "/tmp/another/place", units, url)
        ratios.append(cold / warm)
        print(f"  {units} C++ files: cold {cold:.2f} s, on the second machine {warm:.2f} s; {line}")
    ratio = statistics.median(ratios)
    print(f"second machine, warm Redis: {ratio:.1f} times as fast as cold (bar: {RATIO_BAR:.0f})")
    return ratio < RATIO_BAR


def cost(image: str) -> bool:
    """Ask storages that do not answer."""
    nobody = docker("network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Subnet}}")
    nobody = f"{'.'.join(nobody.split('.')[:2])}.255.254"
    cases = [
        ("refused", "redis://127.0.0.1:6380", ()),
        ("unresolvable", "redis://no-such-host.invalid", ()),
        ("no route", f"redis://{nobody}", ()),
        ("silent", "redis://127.0.0.1:7001", ()),
        ("no name server", "redis://cache.example", ("--dns", nobody)),
    ]
    slowest = 0.0
    for name, url, more in cases:
        with running(image, *more) as there:
            docker("exec", "-d", there, "python3", "-c", SILENT)
            time.sleep(0.5)
            ask(there, None)
            base, asking = asked(there, None), asked(there, url)
            alone, with_it = compiled(there, ""), compiled(there, url)
        slowest = max(slowest, asking - base)
        print(
            f"  {name:<15} found in {asking - base:5.2f} s over {base:.2f} s;"
            f" else each compilation {with_it:5.2f} s instead of {alone:.2f} s"
        )
    print(f"a storage that does not answer: {slowest:.2f} s once a build (bar: {ASKING_BAR_SECONDS:.1f})")
    return slowest > ASKING_BAR_SECONDS


def build(there: str, path: str, units: int, url: str) -> tuple[float, str]:
    """The seconds that the C++ build takes, and what ccache counted."""
    docker(
        "exec", "-u", str(ME.uid), "-e", f"UNIT={UNIT}", there, "sh", "-c", PROJECT, "sh", path, str(units)
    )
    sharing = ask(there, url)
    variables = [f"--env={k}={v}" for k, v in {**ME.environment, **sharing.environment}.items()]
    # The checkout's folder is the base; here each container has its own.
    variables.append(f"--env=CCACHE_BASEDIR={path}")
    words = ["exec", "-u", str(ME.uid), *variables, there, "cmake", "--build", f"{path}/build"]
    took, _ = timed(lambda: docker(*words))
    return took, told(asker(there), sharing) or "ccache compiled nothing"


def compiled(there: str, url: str) -> float:
    """The seconds that one compilation takes when ccache is told of the storage all the same."""
    words = ["exec", "-e", f"CCACHE_REMOTE_STORAGE={url}", "-e", "CCACHE_DIR=/tmp/other", there, "sh", "-c"]
    line = "rm -rf /tmp/other; echo 'int one;' >/tmp/one.c; cd /tmp && ccache gcc -c one.c"
    return statistics.median(timed(lambda: docker(*words, line))[0] for _ in range(3))


def asked(there: str, url: str | None) -> float:
    """The seconds that asking takes."""
    return statistics.median(timed(lambda: ask(there, url))[0] for _ in range(5))


def ask(there: str, url: str | None) -> Sharing:
    """What devtool makes of the address before a build."""
    blueprint = Blueprint("/checkout", "benchmark", Service("dev", None), workspace="/checkout")
    return share(asker(there), blueprint, url)


def asker(there: str) -> Asker:
    system = real_system("/")
    return inside(system, connect(system), Container(there, there, "", "running"), ME)


@contextmanager
def running(image: str, *more: str) -> Iterator[str]:
    name = f"devtool-benchmark-{uuid.uuid4().hex[:8]}"
    found = docker("run", "-d", "--init", "--name", name, *more, "--entrypoint", "sleep", image, "3600")
    try:
        yield found
    finally:
        docker("rm", "-f", name)


def await_(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("redis does not start")
        time.sleep(0.1)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    value = work()
    return time.perf_counter() - started, value


def docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1 and words[0] != "exec"):
        sys.exit(f"docker {' '.join(words)}: {done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
