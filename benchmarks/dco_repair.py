"""How the time of `devtool dco repair` grows with the commits of a range, and with the length of messages.

    python benchmarks/dco_repair.py

Each history is one line of commits of this person, all without a sign-off. Four
times as many commits, or four times as long messages, may take at most 1.3 times
as long for each commit, or for each byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

BAR = 1.3
COUNTS = (2_500, 10_000)
LENGTHS = (50_000, 200_000)
FEW = 200


def main() -> int:
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        by_count = [repaired(f"{folder}/n{count}", count, 100) for count in COUNTS]
        by_length = [repaired(f"{folder}/l{length}", FEW, length) for length in LENGTHS]
    for sizes, times, what in (
        (COUNTS, by_count, "commits"),
        (LENGTHS, by_length, f"bytes in each of {FEW}"),
    ):
        for size, seconds in zip(sizes, times, strict=True):
            print(f"{size:>9,} {what:<22} {1000 * seconds:8.0f} ms")
        ratio = times[1] / times[0] / (sizes[1] / sizes[0])
        ratios.append(ratio)
        print(f"          growth for each        {ratio:8.2f}    (bar {BAR:g})")
    return 0 if max(ratios) <= BAR else 1


def repaired(root: str, count: int, length: int) -> float:
    """The best of three, over a history of so many commits whose messages are so long."""
    env = {**os.environ, "XDG_STATE_HOME": f"{root}.state"}
    subprocess.run(["git", "init", "-q", "-b", "topic", root], check=True)
    for key, value in (("user.name", "A Person"), ("user.email", "a.person@example.org")):
        subprocess.run(["git", "-C", root, "config", key, value], check=True)
    who = "A Person <a.person@example.org>"
    words = ("a word and another\n" * (length // 19 + 1))[:length]
    stream = []
    for number in range(count + 1):
        message = f"commit {number}\n\n{words}\n"
        stream.append(f"commit refs/heads/topic\nmark :{number + 1}\n")
        stream.append(f"author {who} {1700000000 + number} +0000\n")
        stream.append(f"committer {who} {1700000000 + number} +0000\ndata {len(message)}\n{message}\n")
        stream.append(f"from :{number}\n" if number else "")
    subprocess.run(["git", "-C", root, "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    git = ["git", "-C", root]
    head = subprocess.run([*git, "rev-parse", "topic"], capture_output=True, text=True, check=True).stdout
    base = f"topic~{count}"
    words_of_ours = [sys.executable, "-m", "devtool", "-C", root, "dco", "repair", "--yes"]
    best = float("inf")
    for _ in range(3):
        started = time.monotonic()
        subprocess.run([*words_of_ours, "--range", f"{base}..HEAD"], env=env, check=True, capture_output=True)
        best = min(best, time.monotonic() - started)
        subprocess.run([*git, "update-ref", "refs/heads/topic", head.strip()], check=True)
    return best


if __name__ == "__main__":
    sys.exit(main())
