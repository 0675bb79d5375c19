"""How long the needs of one commit take, beside bare `git cat-file` reading the same objects.

    python benchmarks/requirements.py [--repo PATH] [--commits 100] [--table]

PATH, or else `DEVTOOL_MILVUS`, is a clone of Milvus with its history. The bar
is 10 ms a commit after the first. `--table` prints what was found at each
change instead, oldest first.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import subprocess
import sys
import time
from typing import Any

from devtool.model.requirement import Needs
from devtool.requirements.reading import find_profile, open_objects, settle_needs
from devtool.system import real_system
from devtool.system.doors import Conversation
from devtool.system.process import RealProcess

BAR_MS = 10.0


class Recording(RealProcess):
    """The real process door, which remembers what git was asked for."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.requests: list[bytes] = []

    def converse(self, *arguments: Any, **options: Any) -> Conversation:
        talk = super().converse(*arguments, **options)
        ask = talk.ask

        def remember(request: bytes) -> None:
            self.requests.append(request)
            ask(request)

        talk.ask = remember  # type: ignore[method-assign]  # the recorder is the point
        return talk


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", default=os.environ.get("DEVTOOL_MILVUS"))
    parser.add_argument("--branch", default="HEAD")
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--table", action="store_true")
    chosen = parser.parse_args()
    if not chosen.repo:
        print("name a clone of Milvus: `--repo PATH` or `DEVTOOL_MILVUS=PATH`", file=sys.stderr)
        return 1

    log = [
        "git",
        "-C",
        chosen.repo,
        "log",
        "--first-parent",
        "--format=%H %cs",
        "--since=2021-06-22",
        chosen.branch,
    ]
    every = subprocess.run(log, capture_output=True, text=True, check=True).stdout.splitlines()
    commits = [line.split() for line in every[:: max(1, len(every) // chosen.commits)]][: chosen.commits][
        ::-1
    ]
    system = real_system(chosen.repo)
    recording = Recording(system.env)
    seconds: list[float] = []
    found: list[tuple[str, str, Needs]] = []
    with open_objects(dataclasses.replace(system, process=recording), chosen.repo) as (objects, root, below):
        for commit, day in commits:
            started = time.perf_counter()
            tree = objects.at(commit, below)
            found.append((commit, day, settle_needs(tree, find_profile(tree, "milvus"), root)))
            seconds.append(time.perf_counter() - started)
    if chosen.table:
        table(found)
        return 0
    floor = bare(chosen.repo, recording.requests)
    later = seconds[1:]
    each = 1000 * sum(later) / len(later)
    print(f"{len(commits)} commits, {commits[0][1]} to {commits[-1][1]}, {len(recording.requests)} objects")
    print(f"first commit      {1000 * seconds[0]:8.2f} ms")
    print(f"every later one   {each:8.2f} ms on average, {1000 * max(later):.2f} ms at most (bar {BAR_MS:g})")
    print(f"ratio to bare git {sum(seconds) / floor:8.2f} ({1000 * floor / len(commits):.2f} ms a commit)")
    return 0 if each < BAR_MS else 1


def bare(repo: str, requests: list[bytes]) -> float:
    """Seconds that `git cat-file --batch` takes for the same objects."""
    started = time.perf_counter()
    argv = ["git", "-C", repo, "cat-file", "--batch"]
    subprocess.run(argv, input=b"".join(requests), capture_output=True, check=True)
    return time.perf_counter() - started


def table(found: list[tuple[str, str, Needs]]) -> None:
    """One line for every change of every need."""
    before: dict[str, str] = {}
    for commit, day, needs in found:
        for r in needs.requirements:
            value = (
                "not needed" if not r.needed else "unknown" if r.specifier is None else r.specifier or "any"
            )
            extra = [str(v) for v in (r.accepted, r.toolchains, r.standard) if v]
            told = " ".join([value, r.confidence, *extra])
            if before.get(r.tool) != told:
                print(f"{day} {commit[:10]} {r.tool:14} {told}  {r.source or ''}")
            before[r.tool] = told
        for conflict in needs.conflicts:
            print(f"{day} {commit[:10]} CONFLICT {conflict}")


if __name__ == "__main__":
    sys.exit(main())
