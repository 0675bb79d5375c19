"""Everything that can be explained: checks, failures, rules of commits and pull requests.

Nothing is asked of the machine or the network; of the checkout only its own knowledge files are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from devtool.adapters.repository import find_root
from devtool.checks import GATES, IDS, checks
from devtool.checks.pages import explanation, read_page
from devtool.errors import InputError
from devtool.knowledge.failure import GROUPS, KnownFailure
from devtool.knowledge.library import failure, failure_ids, own_failures, project_failures
from devtool.knowledge.pattern import Template
from devtool.model.commit import RULES
from devtool.model.explanation import Explanation, Topic
from devtool.model.pull_request import RULES as PULL_REQUEST_RULES
from devtool.system import System
from devtool.workflows.curing import cures
from devtool.workflows.examination import unknown_id

_RULES: dict[str, str] = {
    **dict.fromkeys(map(str, RULES), "commits"),
    **dict.fromkeys(map(str, PULL_REQUEST_RULES), "pull requests"),
}
"""What each rule is kept by."""
_GAP = re.compile(r"\\([<\\])|<[a-z][a-z0-9_-]*\.\.\.>")


def topics(system: System) -> tuple[Topic, ...]:
    """Every check in the order of the doctor's, then every failure by group, then every rule.

    Raises InputError for a broken file of the project's knowledge.
    """
    failures = sorted(_failures(system), key=lambda each: (GROUPS.index(each.group), each.id))
    return (
        *(Topic("check", check.id, check.gates, check.title) for check in checks()),
        *(Topic("check", each.id, "container", each.title) for each in map(explanation, GATES) if each),
        *(Topic("failure", each.id, each.group, each.title) for each in failures),
        *(Topic("rule", each.id, _RULES[each.id], each.title) for each in _rules()),
    )


def page(system: System, asked: str) -> Explanation:
    """What is written about a check, a failure or a rule. Raises InputError for an id that none has."""
    if asked in (*IDS, *GATES):
        found = explanation(asked)
        if found is None:
            raise InputError(f"nothing is written about `{asked}`", "this is a gap in devtool: open an issue")
        return found
    if asked in _RULES:
        return next(each for each in _rules() if each.id == asked)
    known = failure(asked)
    if known is not None:
        return _explained(known)
    own = {each.id: each for each in _project(system)}
    if asked in own:
        return _explained(own[asked])
    raise unknown_id(
        asked,
        (*IDS, *GATES, *failure_ids(), *_RULES, *own),
        "check, failure or rule",
        "`devtool explain` lists every id, `devtool explain --search WORDS` finds one",
    )


def search(system: System, words: Sequence[str]) -> tuple[Topic, ...]:
    """What all of the words are said of, best first: in the id, then in the title, then in the text.

    A word is found where one begins with it, in whatever case. The words may be a line of a log too:
    the failures that it shows come before all.
    Raises InputError for a broken file of the project's knowledge.
    """
    line = " ".join(words)
    wanted = [_Word.of(word) for word in line.split()]
    found: list[tuple[list[int], Topic]] = []
    for check in checks():
        written = explanation(check.id)
        topic = Topic("check", check.id, check.gates, check.title)
        found += _found(topic, "" if written is None else _text(written), wanted)
    for rule in _rules():
        found += _found(Topic("rule", rule.id, _RULES[rule.id], rule.title), _text(rule), wanted)
    for each in _failures(system):
        topic = Topic("failure", each.id, each.group, each.title)
        found += [([], topic)] if _shows(line, each) else _found(topic, _text(_explained(each)), wanted)
    return tuple(topic for _, topic in sorted(found, key=lambda each: each[0]))


@dataclass(frozen=True)
class _Word:
    beginning: re.Pattern[str]
    whole: re.Pattern[str]

    @staticmethod
    def of(word: str) -> _Word:
        before = r"(?<![^\W_])" if word[0].isalnum() else ""
        after = r"(?![^\W_])" if word[-1].isalnum() else ""
        literal = before + re.escape(word)
        return _Word(re.compile(literal, re.IGNORECASE), re.compile(literal + after, re.IGNORECASE))

    def rank(self, places: Sequence[str]) -> int | None:
        """Lower for an earlier place, and there for a whole word; None where it is in none."""
        for number, place in enumerate(places):
            if self.beginning.search(place):
                return 2 * number + (self.whole.search(place) is None)
        return None


def _found(topic: Topic, text: str, words: Sequence[_Word]) -> list[tuple[list[int], Topic]]:
    """The topic with how well the words are found, the worst first; nothing where one is missing."""
    places = (topic.id, topic.title, f"{topic.group}\n{text}")
    ranks = [rank for word in words if (rank := word.rank(places)) is not None]
    return [(sorted(ranks, reverse=True), topic)] if len(ranks) == len(words) else []


def _shows(line: str, known: KnownFailure) -> bool:
    """Whether the line, taken for one of a log, says the failure."""
    templates = [Template(each.text, each.start) for each in known.patterns]
    # To compile an expression takes a hundred times as long as to look for its literal part.
    near = [each for each in templates if any(anchor in line for anchor in each.anchors)]
    return any(each.regex.search(line) for each in near)


def _text(written: Explanation) -> str:
    cured = [part for cure in written.cures for part in (cure.condition, cure.text, *cure.commands)]
    parts = [written.summary, written.meaning, written.why, *written.signs, written.wrong, *cured]
    return "\n".join(parts)


def _rules() -> tuple[Explanation, ...]:
    pages = (read_page("rule", each, f"rules/{each}.toml") for each in _RULES)
    return tuple(each for each in pages if each is not None)


def _failures(system: System) -> tuple[KnownFailure, ...]:
    return (*own_failures(), *_project(system))


def _project(system: System) -> tuple[KnownFailure, ...]:
    return project_failures(system, find_root(system, system.cwd))


def _explained(known: KnownFailure) -> Explanation:
    return Explanation(
        kind="failure",
        id=known.id,
        title=known.title,
        meaning=known.cause,
        why="",
        cures=cures(known.remedies, None),
        links=known.links,
        summary=known.summary,
        signs=tuple(dict.fromkeys(_GAP.sub(_seen, each.text) for each in known.patterns)),
        wrong=known.wrong,
        checks=known.checks,
        knowledge=known.path,
    )


def _seen(gap: re.Match[str]) -> str:
    """A gap of the pattern language as a reader knows it."""
    return gap[1] or "…"
