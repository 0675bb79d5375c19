"""Whether `devtool pr check` agrees with what was really merged.

    python benchmarks/pull_requests.py [--repo PATH] [--branch origin/master] [--count 50]

PATH, or else `DEVTOOL_MILVUS`, is a clone of Milvus with its history. Commits of the
branch, spread evenly over the newest 2,000, are judged as if each were a pull request
onto its parent, by the rules of its own time: all of them were merged, so nothing should
hold them up. Sign-offs do not count: a squash merge replaces the author. The bar is 95
of 100, for a branch whose commits carry the texts of their pull requests, as those of
master do since 2024.
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
from collections import Counter

BAR = 0.95
WITHIN = 2000
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", default=os.environ.get("DEVTOOL_MILVUS"))
    parser.add_argument("--branch", default="origin/master")
    parser.add_argument("--count", type=int, default=50)
    chosen = parser.parse_args()
    if not chosen.repo:
        print("name a clone of Milvus: `--repo PATH` or `DEVTOOL_MILVUS=PATH`", file=sys.stderr)
        return 1

    own = [] if chosen.branch == "origin/master" else ["^origin/master"]
    listed = git(chosen.repo, "log", "--no-merges", "--format=%H", f"-{WITHIN}", chosen.branch, *own).split()
    commits = listed[:: max(1, len(listed) // chosen.count)][: chosen.count]
    broken: Counter[str] = Counter()
    seconds, agreed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        git(".", "clone", "-q", "--shared", "--no-checkout", chosen.repo, folder)
        for ref in git(folder, "for-each-ref", "--format=%(refname)", "refs/remotes").split():
            git(folder, "update-ref", "--no-deref", "-d", ref)
        for commit in commits:
            data, took = judged(folder, commit, chosen.branch.removeprefix("origin/"))
            seconds.append(took)
            held = {
                each["rule"]
                for each in data["findings"]
                if each["severity"] in ("failure", "unknown") and each["rule"] != "pr-sign-offs"
            }
            agreed += not held
            broken.update(held)
            if held:
                print(f"{commit[:10]} {data['title']['text'][:60]}: {', '.join(sorted(held))}")
    print(f"merged commits that nothing holds up  {agreed} of {len(commits)}")
    print(f"what holds the others up              {dict(broken) or 'nothing'}")
    print(f"median time of a check                {1000 * statistics.median(seconds):.0f} ms")
    return 0 if agreed >= BAR * len(commits) else 1


def judged(folder: str, commit: str, target: str) -> tuple[dict, float]:
    """The report on a commit as a pull request onto its parent, and how long it took."""
    git(folder, "update-ref", "--no-deref", "HEAD", commit)
    git(folder, "update-ref", f"refs/remotes/origin/{target}", f"{commit}~1")
    argv = [sys.executable, "-m", "devtool", "-C", folder, "pr", "check", "--format", "json"]
    started = time.perf_counter()
    answer = subprocess.run(
        [*argv, "--base", f"origin/{target}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    took = time.perf_counter() - started
    if answer.returncode not in (0, 1):
        raise SystemExit(f"{commit}: {answer.stderr}")
    return json.loads(answer.stdout), took


def git(folder: str, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
