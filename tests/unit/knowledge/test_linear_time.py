"""No pattern, rule or prefix can be driven into quadratic time, whatever a log holds.

Four times as much of the worst input takes about four times as long; where time were quadratic, sixteen
times. What is compared are the fastest of some runs in this process's own time, so that a busy machine does
not matter.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

from devtool.knowledge import errors
from devtool.knowledge.failure import KnownFailure
from devtool.knowledge.library import Entry, gather, own_failures
from devtool.knowledge.lines import ESCAPES, plain, quotes, shown
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.pattern import Template
from devtool.model.redaction import redact
from tests.support.logs import scan

FAILURES = own_failures()
LENGTH = 3000
"""As long as what a pattern is ever held against: three lines of a wrapped message."""
TOO_SHORT_TO_MEASURE = 0.004
FACTOR = 9.0
_GAP = re.compile(r"<[a-z][a-z0-9_-]*(?:\.\.\.)?>")


def adversarial(text: str) -> Iterator[str]:
    """Stretches that begin like the pattern again and again, and never end like it."""
    literals = [each.replace("\\<", "<").replace("\\\\", "\\") for each in _GAP.split(text)]
    whole = "x".join(literals)
    yield literals[0] or literals[-1][:-1]
    yield whole[:-1]
    yield "x".join(each * 2 for each in literals[:-1]) or whole[:-1]
    yield "".join(each + literals[-1][:-1] for each in literals)[:-1]
    yield whole[:-1].replace(" ", " " * 79)
    yield re.sub(r"\w", "'", whole[:-1])
    yield whole[:1]
    yield " "
    yield "\ufffd"


def seconds(work: Callable[[str], object], text: str) -> float:
    """The fastest of some runs, in this process's own time."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        work(text)
        taken.append(time.process_time() - begun)
    return min(taken)


def grows_linearly(work: Callable[[str], object], stretch: str, length: int = LENGTH) -> bool:
    """Whether four times the text takes about four times as long; tried again before it is denied."""
    for _ in range(4):
        more = seconds(work, (stretch * (4 * length // len(stretch) + 1))[: 4 * length])
        if more < TOO_SHORT_TO_MEASURE:
            return True
        less = seconds(work, (stretch * (length // len(stretch) + 1))[:length])
        if more < FACTOR * less:
            return True
    return False


@pytest.mark.parametrize("known", FAILURES, ids=[each.id for each in FAILURES])
def test_no_pattern_takes_quadratic_time(known: KnownFailure) -> None:
    texts = [(text, each.start) for each in known.patterns for text in (each.text, *each.near, *each.without)]

    for text, start in texts:
        search = Template(text, start).regex.search
        slow = [each for each in adversarial(text) if each and not grows_linearly(search, each)]

        assert not slow, text


STRETCHES = (
    " ", "\t", "a", "0", "a.", "a/", ": ", "'", '"', "`", "error: ", "error", "ERROR [", "x: ", "/", "-",
    "make[1]: *** ", "exit code ", "exited with ", "conan failed", "undefined reference ", "a@", "a:b@",
    "https://", "https://a:", "https://a:b", "password", "password=", "--token ", "token-", "auth", "eyJa.",
    "authorization: ", "ghp_", "2026-01-02 ", "03:04:05 ", "[ 1%] ", "[1/2] ", "#1 ", "| ", "a | ", "> ", "+",
    "abcdef0 ", "a/a.md", "fix(", "fix: ", "::error ", "##[", "sh: ", "a: line 1: ", "a: 1: ", "a\t",
    "bash: line 1: ", "no errors 0 failed ", "warning", "\u2018", "\ufffd", "\xe2\u20ac", "\x1b[", "\x1b]",
    "\x1b", "\x1bP", "\r", "*** [",
)  # fmt: skip
"""What the rules that hold for every line begin with."""


@pytest.mark.parametrize(
    "rule",
    [
        errors.kind,
        errors.mask,
        redact,
        shown,
        lambda text: plain(text.encode("utf-8", "replace")),
        lambda text: quotes(text, len(text)),
        lambda text: ESCAPES.sub(b"", text.encode()),
        Template("x: cannot do", start=True).regex.search,
    ],
    ids=["error", "mask", "redaction", "shown", "plain", "quoting", "escapes", "introduction"],
)
def test_no_rule_for_all_lines_takes_quadratic_time(rule: Callable[[str], object]) -> None:
    stretches = [*STRETCHES, *(one + other for one in STRETCHES[:8] for other in STRETCHES[:8])]

    assert [each for each in stretches if not grows_linearly(rule, each)] == []


def test_the_whole_knowledge_at_once_reads_the_worst_logs_in_linear_time() -> None:
    compiled = Matcher(gather(map(Entry.of, FAILURES), ()))
    stretches = [each for known in FAILURES for each in list(adversarial(known.patterns[0].text))[:4] if each]
    kinds = {"lines": "\n", "one line": " ", "progress": "\r", "colours": "\x1b[1m"}

    for name, between in kinds.items():
        log = between.join(stretches) + between

        def read(times: str, log: str = log) -> object:
            return scan(compiled, log * len(times))

        read("1")
        less, more = seconds(read, "1"), seconds(read, "1111")
        assert more < FACTOR * max(less, TOO_SHORT_TO_MEASURE), name
