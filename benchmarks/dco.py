"""How long all of a history takes, beside bare `git log` over the same commits, and how much memory.

    python benchmarks/dco.py [--repo PATH] [--branch BRANCH] [--runs 7]

PATH, or else `DEVTOOL_MILVUS`, is a clone of Milvus with its history. The two
run in turn, and the best of each counts. The bars are twice the time of
`git log --format=%B`, and 150 MB; for the commit-msg hook 1.4 times a Python
that imports click.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

BAR_RATIO = 2.0
BAR_MB = 150
BAR_HOOK = 1.4


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", default=os.environ.get("DEVTOOL_MILVUS"))
    parser.add_argument("--branch", default="HEAD")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--rule", default=None, help="judge by this rule instead of presence alone")
    chosen = parser.parse_args()
    if not chosen.repo:
        print("name a clone of Milvus: `--repo PATH` or `DEVTOOL_MILVUS=PATH`", file=sys.stderr)
        return 1

    what = ["--rule", chosen.rule] if chosen.rule else ["--history"]
    ours = [
        sys.executable,
        "-m",
        "devtool",
        "-C",
        chosen.repo,
        "dco",
        "check",
        *what,
        "--range",
        chosen.branch,
    ]
    bare = ["git", "-C", chosen.repo, "log", "--format=%B", chosen.branch]
    measured = [(measure(bare), measure(ours)) for _ in range(chosen.runs)]
    git, own = min(b[0] for b, _ in measured), min(o[0] for _, o in measured)
    memory = max(o[1] for _, o in measured)
    told = subprocess.run(ours, capture_output=True, text=True, check=False).stdout
    print(" ".join(next(line for line in told.splitlines() if " commits in " in line).split()))
    print(f"git log --format=%B  {1000 * git:8.1f} ms")
    print(f"devtool dco check    {1000 * own:8.1f} ms")
    print(f"ratio                {own / git:8.2f}    (bar {BAR_RATIO:g})")
    print(f"peak memory          {memory:8.1f} MB (bar {BAR_MB}; the larger of ours and git's)")
    ratio = hook()
    print(f"commit-msg hook      {ratio:8.2f} times `python -c 'import click'` (bar {BAR_HOOK:g})")
    return 0 if own / git <= BAR_RATIO and memory <= BAR_MB and ratio <= BAR_HOOK else 1


def hook() -> float:
    """The time of the commit-msg hook over that of `python -c "import click"`."""
    me = "A Person <a.person@example.org>"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        for key, value in zip(("user.name", "user.email"), me.rstrip(">").split(" <"), strict=True):
            subprocess.run(["git", "-C", folder, "config", key, value], check=True)
        message = f"{folder}/.git/COMMIT_EDITMSG"
        with open(message, "w") as file:
            file.write(f"a\n\nSigned-off-by: {me}\n")
        bare = [sys.executable, "-c", "import click"]
        ours = [
            sys.executable,
            "-m",
            "devtool",
            "dco",
            "commit-msg",
            message,
        ]  # as git and pre-commit call it
        measured = [(measure(bare, folder)[0], measure(ours, folder)[0]) for _ in range(21)]
    return min(own for _, own in measured) / min(least for least, _ in measured)


def measure(argv: list[str], cwd: str | None = None) -> tuple[float, float]:
    """Seconds of wall time, and the largest resident set of the program and what it started, in MB."""
    env = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}
    started = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        pid = subprocess.Popen(argv, stdout=nowhere, stderr=nowhere, cwd=cwd, env=env).pid
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"`{' '.join(argv)}` failed")
    return time.perf_counter() - started, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


if __name__ == "__main__":
    sys.exit(main())
