"""A project's `mergify.yml`, and the rules of a profile in its language."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.model.condition import evaluate
from devtool.model.pull_request import RULES
from devtool.requirements.mergify import read_mergify
from devtool.requirements.parsing import parse_profile
from devtool.requirements.pull_requests import PullRequests, matches
from devtool.requirements.reading import built_in

RULE = """\
misc:
  - &MAIN base=main
  - branches: &BRANCHES
      - *MAIN
      - base~=^2(\\.\\d+){1,2}$
pull_request_rules:
  - name: refuse it
    conditions:
      - or: *BRANCHES
      - not:
          or:
            - 'title~=^fix:'
            - 'title~=^feat:'
    actions:
      label:
        add: [do-not-merge/title, other]
        remove: [ready]
  - name: comments alone
    conditions: [*MAIN]
    actions: {comment: {message: hello}}
  - name: switched off
    disabled: {reason: none}
    conditions: []
    actions: {label: {add: [do-not-merge/never]}}
  - name: labels
    conditions: ['title~=^fix:']
    actions: {label: {toggle: [kind/bug]}}
"""


def test_rules_that_add_labels_are_read_with_their_lines() -> None:
    first, second = read_mergify(RULE, "m.yml", PullRequests())

    assert (first.line, first.name, first.labels, first.ids) == (
        7,
        "refuse it",
        ("do-not-merge/title", "other"),
        ("pr-project-rule",),
    )
    assert (second.labels, second.ids) == (("kind/bug",), ())


def test_an_alias_means_the_conditions_that_it_names() -> None:
    rule = read_mergify(RULE, "m.yml", PullRequests())[0]

    assert evaluate(rule.condition, {"base": "2.5.1", "title": "x"}).truth is True
    assert evaluate(rule.condition, {"base": "2.5.1", "title": "fix: x"}).truth is False
    assert evaluate(rule.condition, {"base": "other", "title": "x"}).truth is False
    assert evaluate(rule.condition, {"base": "main"}).truth is None


def test_a_label_that_the_profile_knows_is_the_rule_that_it_tells_of() -> None:
    text = "pull_request_rules:\n  - conditions: []\n    actions: {label: {add: [needs-dco]}}\n"

    (rule,) = read_mergify(text, "m.yml", built_in("milvus").pull_requests)

    assert rule.ids == ("pr-sign-offs",)


def test_what_a_condition_says_that_nobody_reads_is_not_known() -> None:
    text = (
        "pull_request_rules:\n"
        "  - conditions: ['title~=(a+)+b', {never: [x]}, 'schedule=Mon-Fri 9:00']\n"
        "    actions: {label: {add: [do-not-merge]}}\n"
    )

    (rule,) = read_mergify(text, "m.yml", PullRequests())

    assert evaluate(rule.condition, {"title": "aaaa"}).truth is None


@pytest.mark.parametrize("text", ["", "a: 1\n", "[]\n", "pull_request_rules: []\n", "just text\n"])
def test_a_file_without_rules_states_none(text: str) -> None:
    assert read_mergify(text, "m.yml", PullRequests()) == ()


def test_a_file_that_is_made_to_grow_is_read_at_once() -> None:
    lines = ["misc:", "  - &x0 [base=main]"] + [f"  - &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 25)]
    text = "\n".join(
        [*lines, "pull_request_rules:", "  - conditions: *x24", "    actions: {label: {add: [l]}}"]
    )

    (rule,) = read_mergify(text, "m.yml", PullRequests())

    assert evaluate(rule.condition, {"base": "main"}).truth is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "is no YAML"),
        ("pull_request_rules: 7", "is no list"),
        ("x" * 300_000, "is larger than 256 KiB"),
        (
            "pull_request_rules:\n  - conditions: &a [*a]\n    actions: {label: {add: [l]}}",
            "nested too deeply",
        ),
    ],
)
def test_what_is_no_list_of_rules_is_bad_input(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_mergify(text, "m.yml", PullRequests())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[pull_request.rules]]\nid = "pr-issu"\nrefuse = ["draft"]',
            "`pr-issu` is no rule; the rules are pr-title",
        ),
        ('[[pull_request.rules]]\nid = "pr-issue"', "`pull_request.rules.refuse` is missing"),
        ('[[pull_request.rules]]\nid = "pr-issue"\nrefuse = ["title~=(a+)+"]', "may never end"),
        ('[[pull_request.rules]]\nid = "pr-issue"\nrefuse = ["what is it"]', "which is no condition"),
        ('[[pull_request.rules]]\nid = "pr-issue"\nrefuse = [{ xor = ["draft"] }]', "must hold conditions"),
        ('[[pull_request.generated]]\npaths = ["*.go"]', "needs `sources` beside it"),
        ('[[pull_request.tests]]\npaths = ["*.go"]', "needs a `command` beside it"),
        ('[[pull_request.labelled]]\nif = ["draft"]', "`pull_request.labelled.label` is missing"),
        ("[pull_request]\nlarge_lines = -1", "must be a number"),
        ('[pull_request]\nother = "x"', "is not a key of devtool's"),
    ],
)
def test_what_is_wrong_in_a_profile_is_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_profile(text, "devtool.toml", "x")

    assert message in raised.value.message
    assert raised.value.message.startswith("devtool.toml:")


def test_the_rules_of_milvus_are_whole() -> None:
    project = built_in("milvus").pull_requests

    named = {rule_id for ids in project.labels.values() for rule_id in ids}

    assert named == {rule_id for rule in project.rules for rule_id in rule.ids} | {"pr-sign-offs"}
    assert named <= set(RULES)


@pytest.mark.parametrize(
    ("path", "patterns", "found"),
    [
        ("pkg/a.pb.go", ("*.pb.go",), True),
        ("pkg/a.go", ("*.pb.go",), False),
        ("a/b_test.go", ("*.go", "!*_test.go"), False),
        ("a/b.go", ("*.go", "!*_test.go"), True),
        ("internal/parser/x/y.go", ("internal/parser/*",), True),
        ("other/internal/parser/y.go", ("internal/parser/*",), False),
    ],
)
def test_a_pattern_without_a_slash_is_about_the_last_part_of_a_path(
    path: str, patterns: tuple[str, ...], found: bool
) -> None:
    assert matches(path, patterns) is found
