"""What CI services say of the pull request that they run for."""

from __future__ import annotations

import json

import pytest

from devtool.adapters.ci.proposals import Said, said_by_service
from tests.support import FakeFiles, fake_system

PULL = {
    "title": "fix: x",
    "body": "issue: #1",
    "labels": [{"name": "kind/bug"}, {"name": 7}, "odd"],
    "base": {"ref": "master", "sha": "a" * 40},
    "head": {"sha": "b" * 40},
}


def on_github(event: object) -> Said | None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "/event.json"}
    text = event if isinstance(event, str) else json.dumps(event)
    return said_by_service(fake_system(env=env, files=FakeFiles({"/event.json": text})))


def test_github_says_all_of_it_in_its_event() -> None:
    assert on_github({"pull_request": PULL}) == Said(
        "GitHub Actions, pull request", "master", "a" * 40, "b" * 40, "fix: x", "issue: #1", ("kind/bug",)
    )


def test_github_has_null_for_an_empty_text() -> None:
    said = on_github({"pull_request": {**PULL, "body": None}})

    assert said is not None
    assert said.body == ""


@pytest.mark.parametrize("event", ["", "[", "7", "[]", {"push": {}}, {"pull_request": 3}, "[" * 9000])
def test_an_event_that_is_none_of_a_pull_request_says_nothing(event: object) -> None:
    assert on_github(event) is None


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, None),
        ({"GITLAB_CI": "true"}, None),
        ({"JENKINS_URL": "x"}, None),
        ({"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "false"}, None),
        (
            {
                "GITLAB_CI": "true",
                "CI_MERGE_REQUEST_IID": "3",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_MERGE_REQUEST_TITLE": "fix: x",
                "CI_MERGE_REQUEST_DESCRIPTION": "text",
                "CI_MERGE_REQUEST_LABELS": "one,two",
            },
            Said("GitLab, merge request", "main", title="fix: x", body="text", labels=("one", "two")),
        ),
        (
            {
                "GITLAB_CI": "true",
                "CI_MERGE_REQUEST_IID": "3",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_MERGE_REQUEST_DESCRIPTION": "half of the te",
                "CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED": "true",
            },
            Said("GitLab, merge request", "main"),
        ),
        (
            {"PROW_JOB_ID": "1", "PULL_NUMBER": "3", "PULL_BASE_REF": "main", "PULL_TITLE": "fix: x"},
            Said("Prow", "main", title="fix: x"),
        ),
        (
            {"JENKINS_URL": "x", "CHANGE_TARGET": "main", "CHANGE_TITLE": "fix: x"},
            Said("Jenkins, change request", "main", title="fix: x"),
        ),
        (
            {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
            Said("Azure Pipelines, pull request", "main"),
        ),
        (
            {
                "BUILDKITE": "true",
                "BUILDKITE_PULL_REQUEST": "3",
                "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
            },
            Said("Buildkite, pull request", "main"),
        ),
    ],
)
def test_other_services_say_what_their_variables_hold(env: dict[str, str], said: Said | None) -> None:
    assert said_by_service(fake_system(env=env)) == said
