"""What the project's rules make of title, text, labels and files, in words and with repairs."""

from __future__ import annotations

from devtool.model.condition import Condition, Facts, evaluate, leaves_of, shown
from devtool.model.pull_request import Judgement, Proposal, RuleId
from devtool.requirements.patterns import LINE_LIMIT
from devtool.requirements.pull_requests import PullRequests, Rule
from devtool.workflows.submitting.mending import CURES
from devtool.workflows.submitting.stating import Statement

_TOLD: tuple[RuleId, ...] = ("pr-title", "pr-body", "pr-issue", "pr-design-document", "pr-master")
_ATTRIBUTE: dict[RuleId, tuple[str, ...]] = {
    "pr-title": ("title",),
    "pr-body": ("body",),
    "pr-issue": ("body",),
    "pr-design-document": ("body", "files"),
    "pr-master": ("body",),
}
_WHAT: dict[RuleId, tuple[str, str, str]] = {
    # What is missing, what is there, and what need not be.
    "pr-title": ("the title has none of the beginnings that it may have", "the title begins as it may", ""),
    "pr-body": ("the text of the pull request is empty", "the text says something", ""),
    "pr-issue": ("the text names no issue", "the text names an issue", "no issue is asked of this one"),
    "pr-design-document": (
        "a feature comes with a design document, and this one names and brings none",
        "there is a design document",
        "no design document is asked of this one",
    ),
    "pr-master": (
        "on a release branch the text names the pull request to the main one, and this one names none",
        "the text names the pull request to the main branch",
        "no pull request to another branch is asked of this one",
    ),
}
_MOST_SHOWN = 8


def known_facts(proposal: Proposal, statement: Statement) -> Facts:
    """What the conditions may ask for, labels that bots would set included; what CI will say is not known."""
    facts: dict[str, str | tuple[str, ...] | bool | None] = {
        "base": proposal.target,
        "head": proposal.branch,
        "title": proposal.title,
        "body": None if proposal.body is None else _matchable(proposal.body),
        "files": tuple(each.path for each in proposal.files),
        "closed": False,
        "merged": False,
    }
    if proposal.title is None:
        return facts  # by which the labels are set
    labels = dict.fromkeys((*proposal.labels, size_label(proposal, statement.project)))
    rules = (*statement.rules, *(each for each in statement.project.rules if each.labels and not each.ids))
    for _ in rules:
        before = len(labels)
        facts["label"] = tuple(labels)
        for rule in rules:
            if not rule.ids and evaluate(rule.condition, facts).truth is True:
                labels.update(dict.fromkeys(rule.labels))
        if len(labels) == before:
            break
    facts["label"] = tuple(labels)
    return facts


def _matchable(body: str) -> str:
    """The text with its lines cut where an expression of somebody's file could take minutes over them."""
    return "\n".join(line[:LINE_LIMIT] for line in body.split("\n"))


def size_label(proposal: Proposal, project: PullRequests) -> str:
    """The label that the pull request's size earns."""
    lines = proposal.added + proposal.removed
    earned = [
        name for name, least in sorted(project.sizes.items(), key=lambda each: each[1]) if lines >= least
    ]
    return earned[-1] if earned else ""


def judge_statement(proposal: Proposal, statement: Statement, facts: Facts) -> list[Judgement]:
    """What each rule says that the project states."""
    found = [_judged(rule, statement, proposal, facts) for rule in _TOLD]
    others = [rule for rule in statement.rules if "pr-project-rule" in rule.ids]
    return [*found, *_others(others, statement, facts)]


def _judged(rule_id: RuleId, statement: Statement, proposal: Proposal, facts: Facts) -> Judgement:
    rules = [rule for rule in statement.rules if rule_id in rule.ids and _own(rule, rule_id)]
    missing, there, needless = _WHAT[rule_id]
    if not rules:
        where = f"`{statement.path}`" if statement.path else "this project"
        return Judgement(rule_id, "skipped", f"{where} states no such rule")
    unknown: Judgement | None = None
    for rule in rules:
        verdict = evaluate(rule.condition, facts)
        own = [each for each in verdict.leaves if each.attribute in _ATTRIBUTE[rule_id]]
        about = own or _own(rule, rule_id)
        stated = _stated(statement, about[0].line if about else rule.line)
        if verdict.truth is True and own:
            besides = _besides(verdict.leaves, statement, proposal)
            return _missing(rule_id, missing, own, stated, statement, proposal, besides)
        if verdict.truth is None:
            unknown = _unknown(rule_id, {each.attribute for each in verdict.leaves}, stated, proposal)
    if unknown is not None:
        return unknown
    met = _met(rules, rule_id, facts)
    first = _own(rules[0], rule_id)
    stated = _stated(statement, first[0].line if first else rules[0].line)
    if met is not None:
        return Judgement(rule_id, "ok", there, found=(met,), stated=stated)
    if rule_id in ("pr-title", "pr-body"):
        applies = evaluate(_elsewhere(rules[0]), facts).truth is not False
        summary = there if applies else f"no rule is stated for the branch `{proposal.target}`"
        return Judgement(rule_id, "ok" if applies else "skipped", summary, stated=stated)
    return Judgement(rule_id, "skipped", needless, stated=stated)


def _missing(
    rule_id: RuleId,
    summary: str,
    own: list[Condition],
    stated: str,
    statement: Statement,
    proposal: Proposal,
    besides: str,
) -> Judgement:
    expected, repair = CURES[rule_id](own, statement.project, proposal)
    found = {"pr-title": proposal.title or ""}.get(rule_id)
    return Judgement(
        rule_id,
        "failure",
        summary,
        expected=expected,
        found=(found,) if found else (),
        stated=stated,
        repair=repair + besides,
    )


def _besides(leaves: tuple[Condition, ...], statement: Statement, proposal: Proposal) -> str:
    """By which size it is asked for, and the labels that would do as well: those that no rule sets."""
    labels = [each for each in leaves if each.attribute == "label" and each.operator == "="]
    by_rules = {label for rule in (*statement.rules, *statement.project.rules) for label in rule.labels}
    names = [f"`{each.value}`" for each in labels if each.negated and each.value not in by_rules]
    told = f"; or a maintainer labels it {' or '.join(names)}" if names else ""
    if any(not each.negated and each.value in statement.project.sizes for each in labels):
        size = f"{size_label(proposal, statement.project)}: {proposal.added + proposal.removed:,} lines"
        told += f"; it is asked for by size, and this is {size}"
    return told


def _unknown(rule_id: RuleId, asked: set[str], stated: str, proposal: Proposal) -> Judgement:
    number = len(proposal.commits)
    why = f"the branch has {number} commits" if number else "the branch has no commit of its own"
    if proposal.title is None and asked & {"title", "label"}:
        summary = f"the title is not known: {why}, of which GitHub takes none for it"
        repair = 'say it: `devtool pr check --title "fix: …"`'
    elif proposal.body is None and "body" in asked:
        summary = f"the text is not known: {why}, of which GitHub takes none for it"
        repair = "write it with `devtool pr body --write FILE`, then `devtool pr check --body FILE`"
    else:
        summary, repair = (
            "the rule has a condition that cannot be told from here",
            "read it where it is stated",
        )
    return Judgement(rule_id, "unknown", summary, stated=stated, repair=repair)


def _others(rules: list[Rule], statement: Statement, facts: Facts) -> list[Judgement]:
    found = []
    for rule in rules:
        verdict = evaluate(rule.condition, facts)
        if verdict.truth is True:
            labels = ", ".join(f"`{each}`" for each in rule.labels)
            said = (
                f"{rule.name}: it would be labelled {labels}"
                if rule.name
                else f"it would be labelled {labels}"
            )
            texts = tuple(each.text for each in verdict.leaves[:_MOST_SHOWN])
            repair = "change what the conditions name"
            found.append(
                Judgement(
                    "pr-project-rule",
                    "failure",
                    said,
                    found=texts,
                    stated=_stated(statement, rule.line),
                    repair=repair,
                )
            )
    return found


def _met(rules: list[Rule], rule_id: RuleId, facts: Facts) -> str | None:
    """What in the facts meets the rule: what its own expressions find there."""
    for rule in rules:
        for each in _own(rule, rule_id):
            fact = facts.get(each.attribute)
            if each.negated and each.pattern is not None and isinstance(fact, (str, tuple)):
                found = shown(fact, each.pattern)
                if found is not None:
                    return found
    return None


def _own(rule: Rule, rule_id: RuleId) -> list[Condition]:
    """The conditions of a rule by which it is met: those that ask for something not to be there."""
    own = [each for each in leaves_of(rule.condition) if each.attribute in _ATTRIBUTE[rule_id]]
    if rule_id == "pr-body":
        return [each for each in own if each.operator == "="]
    return [each for each in own if each.negated and each.pattern is not None]


def _elsewhere(rule: Rule) -> Condition:
    """The rule without its own words: what says for which branches it holds."""
    bases = [each for each in leaves_of(rule.condition) if each.attribute == "base"]
    return Condition("any", rule.line, tuple(bases)) if bases else Condition("all", rule.line)


def _stated(statement: Statement, line: int) -> str:
    return f"{statement.path}:{line}" if statement.path else ""
