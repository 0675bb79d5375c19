from __future__ import annotations

import json

import pytest

from devtool.checks.docker import DOCKER_CHECKS
from devtool.model.command import Answer, Outcome
from devtool.model.remedy import RemoveJsonKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import examined
from tests.support.process import ABSENT, HANGS

CREDENTIALS = next(check for check in DOCKER_CHECKS if check.id == "docker-credentials")
CONFIG = "/home/me/.docker/config.json"
FAILS = ended("", "", 1)
HOLDS = ended('{"ServerURL":"https://index.docker.io/v1/","Username":"ada","Secret":"hunter2"}\n')
EMPTY = ended("credentials not found in native keychain\n", "", 1)


def seen(
    config: object = None, answers: dict[str, Answer] | None = None, path: str = CONFIG, **env: str
) -> Finding:
    text = config if isinstance(config, str) else json.dumps(config)
    files = FakeFiles({} if config is None else {path: text})
    process = FakeProcess(
        {f"docker-credential-{name} get": answer for name, answer in (answers or {}).items()},
        {"docker": "/usr/bin/docker"},
    )
    finding = examined(
        CREDENTIALS,
        fake_system(process=process, files=files, env={"HOME": "/home/me", **env}),
        Needs(None, None),
    )
    process.assert_used()
    return finding


@pytest.mark.parametrize(
    "config", [None, {}, {"auths": {}}, {"credsStore": ""}, {"credsStore": 7, "credHelpers": []}]
)
def test_a_configuration_without_a_helper_is_ok(config: object) -> None:
    assert seen(config).severity == "ok"


@pytest.mark.parametrize(
    "answer",
    [HOLDS, EMPTY, ended("Credentials not found\n", "", 1), ended("", "error: no credentials server URL", 1)],
)
def test_a_helper_that_answers_is_ok_even_when_it_holds_no_login(answer: Answer) -> None:
    finding = seen({"credsStore": "pass"}, {"pass": answer})

    assert (finding.severity, finding.summary) == ("ok", "`docker-credential-pass` answers")


@pytest.mark.parametrize("outcome", ["ended", "timed-out"])
@pytest.mark.parametrize("status", [0, 1])
def test_a_secret_that_a_helper_hands_out_is_never_kept(status: int, outcome: Outcome) -> None:
    answer = ended(HOLDS.stdout, "", status, outcome)

    finding = seen({"credsStore": "pass", "credHelpers": {"ghcr.io": "gh"}}, {"pass": answer, "gh": answer})

    assert "hunter2" not in repr(finding)


def test_a_missing_helper_is_a_failure_and_its_key_is_taken_out() -> None:
    finding = seen({"credsStore": "desktop", "auths": {}}, {"desktop": ABSENT})

    assert finding.severity == "failure"
    assert finding.summary == (
        "`/home/me/.docker/config.json` names the credential helper `desktop`, and "
        "`docker-credential-desktop` is not on PATH: "
        "`docker run` and builds stop with `error getting credentials`"
    )
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RemoveJsonKey)
    assert (action.path, action.key) == (CONFIG, "credsStore")
    assert finding.remedies[1].summary == "install `docker-credential-desktop`"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (FAILS, "exited with status 1"),
        (ended("", "", -9), "was ended by signal 9"),
        (ended("", "exec format error", outcome="refused"), "cannot be started"),
    ],
)
def test_a_helper_that_fails_is_a_failure(answer: Answer, problem: str) -> None:
    finding = seen({"credsStore": "desktop"}, {"desktop": answer})

    assert finding.severity == "failure"
    assert f"`docker-credential-desktop get` {problem}" in finding.summary
    assert finding.remedies[1].summary == "repair the helper: start Docker Desktop"


def test_what_a_failing_helper_says_is_shown() -> None:
    finding = seen({"credsStore": "pass"}, {"pass": ended("pass not initialized: exit status 1\n", "", 1)})

    assert finding.evidence == ("pass not initialized: exit status 1",)


def test_a_helper_that_hangs_is_unknown_and_nothing_is_taken_out() -> None:
    finding = seen({"credsStore": "osxkeychain"}, {"osxkeychain": HANGS})

    assert finding.severity == "unknown"
    assert finding.remedies[0].actions == ()
    assert (
        "`echo https://index.docker.io/v1/ | docker-credential-osxkeychain get`"
        in finding.remedies[0].summary
    )


def test_logins_that_the_helper_held_are_named() -> None:
    auths = {"ghcr.io": {}, "registry.corp": {"auth": "c2VjcmV0"}}

    finding = seen({"credsStore": "desktop", "auths": auths}, {"desktop": ABSENT})

    assert finding.remedies[0].summary.endswith("log in again where you need to: `docker login ghcr.io`")
    assert "c2VjcmV0" not in repr(finding)


def test_a_broken_helper_of_one_registry_is_a_warning() -> None:
    finding = seen({"credHelpers": {"gcr.io": "gcloud"}}, {"gcloud": ABSENT})

    assert finding.severity == "warning"
    assert finding.summary.endswith("images of `gcr.io` cannot be fetched")
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RemoveJsonKey)
    assert action.key == "credHelpers"


def test_helpers_that_work_stay_when_their_neighbour_does_not() -> None:
    finding = seen({"credHelpers": {"gcr.io": "gcloud", "ghcr.io": "gh"}}, {"gcloud": FAILS, "gh": EMPTY})

    assert finding.remedies[0].actions == ()
    assert finding.remedies[0].summary == f"take the line for `gcr.io` out of `credHelpers` in `{CONFIG}`"


def test_the_configuration_folder_of_the_environment_is_honoured() -> None:
    finding = seen(
        {"credsStore": "desktop"}, {"desktop": ABSENT}, "/etc/dk/config.json", DOCKER_CONFIG="/etc/dk"
    )

    assert "`/etc/dk/config.json`" in finding.summary


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"credsStore"'])
def test_a_configuration_that_is_no_json_object_is_unknown_in_one_line(text: str) -> None:
    finding = seen(text)

    assert finding.severity == "unknown"
    assert CONFIG in finding.summary
    assert "\n" not in finding.summary


@pytest.mark.parametrize("files", [FakeFiles(folders=(CONFIG,)), FakeFiles(broken=(CONFIG,))])
def test_a_configuration_that_is_a_folder_or_unreadable_is_unknown(files: FakeFiles) -> None:
    process = FakeProcess(programs={"docker": "/usr/bin/docker"})

    finding = examined(CREDENTIALS, fake_system(process=process, files=files), Needs(None, None))

    assert finding.severity == "unknown"


def test_without_a_home_there_is_no_configuration() -> None:
    process = FakeProcess(programs={"docker": "/usr/bin/docker"})

    assert examined(CREDENTIALS, fake_system(process=process, env={}), Needs(None, None)).severity == "ok"
