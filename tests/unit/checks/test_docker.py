from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from devtool.adapters.engine.endpoint import Endpoint, find_endpoint
from devtool.checks.docker import DOCKER_CHECKS
from devtool.model.command import Answer
from devtool.model.host import GIB, Host
from devtool.model.remedy import RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system.network import HttpAnswer
from tests.support import FakeFiles, FakeNetwork, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined
from tests.support.process import ABSENT, HANGS

CHECKS = {check.id: check for check in DOCKER_CHECKS}
MILVUS = Needs("milvus", "/checkout", memory_bytes=8 * GIB)
ENGINE_CHECKS = ("docker-daemon", "docker-permission", "docker-memory")
SOCKET = "/var/run/docker.sock"
DENIED = PermissionError(13, "Permission denied")
INFO = "docker info --format {{json .}}"
GROUP = f"stat -L -c %G {SOCKET}"


def info(memory: int | None = 16 * GIB, version: str = "28.2.2", system: str = "Debian") -> HttpAnswer:
    return HttpAnswer(
        200, json.dumps({"ServerVersion": version, "MemTotal": memory, "OperatingSystem": system})
    )


def seen(
    check_id: str,
    answer: HttpAnswer | OSError | None = None,
    *,
    answers: dict[str, Answer] | None = None,
    programs: tuple[str, ...] = ("docker",),
    files: FakeFiles | None = None,
    env: dict[str, str] | None = None,
    host: Host = LINUX,
) -> Finding:
    process = FakeProcess(answers or {}, {name: f"/usr/bin/{name}" for name in programs})
    system = fake_system(
        process=process,
        network=FakeNetwork(sockets={SOCKET: answer} if answer else {}),
        files=files,
        env={"HOME": "/home/me", **(env or {})},
    )
    finding = examined(CHECKS[check_id], system, MILVUS, host)
    process.assert_used()
    return finding


@pytest.mark.parametrize("check_id", [*ENGINE_CHECKS, "docker-credentials"])
def test_without_a_docker_client_its_engine_is_nobodys_concern(check_id: str) -> None:
    finding = seen(check_id, programs=())

    assert (finding.severity, finding.summary) == ("skipped", "`docker` is not on PATH")


def test_an_engine_that_answers_is_ok_in_every_respect() -> None:
    found = [seen(check_id, info()) for check_id in ENGINE_CHECKS]

    assert [finding.severity for finding in found] == ["ok", "ok", "ok"]
    assert found[0].summary == "Docker 28.2.2 answers at `unix:///var/run/docker.sock` (the default)"


def test_no_socket_is_a_warning_with_the_command_that_starts_the_engine() -> None:
    finding = seen("docker-daemon", programs=("docker", "systemctl"))

    assert finding.severity == "warning"
    assert "there is nothing at" in finding.summary
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "sudo systemctl start docker"


def test_a_socket_that_nobody_listens_on_is_a_warning() -> None:
    finding = seen("docker-daemon", ConnectionRefusedError(111, "Connection refused"))

    assert finding.severity == "warning"
    assert "nobody listens at" in finding.summary


def test_an_engine_that_accepts_and_never_answers_is_unknown() -> None:
    finding = seen("docker-daemon", TimeoutError("timed out"))

    assert finding.severity == "unknown"
    assert finding.summary.endswith("does not answer within 4 s")


@pytest.mark.parametrize(
    "answer",
    [HttpAnswer(200, "<html>"), HttpAnswer(200, "[]"), HttpAnswer(200, "{}"), OSError("no HTTP server")],
)
def test_an_answer_that_is_no_engines_is_unknown(answer: HttpAnswer | OSError) -> None:
    assert seen("docker-daemon", answer).severity == "unknown"


def test_an_engine_that_is_still_starting_is_a_warning() -> None:
    finding = seen("docker-daemon", HttpAnswer(503, "starting\n"))

    assert (finding.severity, finding.evidence) == ("warning", ("starting",))
    assert "answers with status 503" in finding.summary


@pytest.mark.parametrize(
    ("host", "cure"),
    [
        (replace(LINUX, os="macos"), "open -a Docker"),
        (replace(LINUX, wsl=2), "WSL integration"),
        (replace(LINUX, container="docker"), "sudo service docker start"),
    ],
)
def test_how_an_engine_is_started_depends_on_the_machine(host: Host, cure: str) -> None:
    assert cure in seen("docker-daemon", host=host).remedies[0].summary


def test_an_engine_at_another_place_is_pointed_to() -> None:
    class Sockets(FakeFiles):
        def kind(self, path: str):
            return "other" if path == "/home/me/.colima/default/docker.sock" else super().kind(path)

    finding = seen("docker-daemon", files=Sockets())

    assert finding.remedies[0].summary == (
        "another engine's socket is there: `export DOCKER_HOST=unix:///home/me/.colima/default/docker.sock`"
    )


def test_a_remote_engine_is_asked_through_the_client() -> None:
    answers = {INFO: ended(info(memory=4 * GIB).body + "\n")}
    env = {"DOCKER_HOST": "ssh://build@box"}

    daemon = seen("docker-daemon", answers=answers, env=env)
    memory = seen("docker-memory", answers=answers, env=env)
    permission = seen("docker-permission", answers=answers, env=env)

    assert daemon.summary == "Docker 28.2.2 answers at `ssh://build@box` (`DOCKER_HOST`)"
    assert (daemon.severity, memory.severity, permission.severity) == ("ok", "warning", "skipped")


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (ended('{"ServerErrors":["error during connect"]}', "error during connect: refused\n", 1), "warning"),
        (HANGS, "unknown"),
    ],
)
def test_a_remote_engine_that_does_not_answer_is_told_and_never_waited_for(
    answer: Answer, severity: str
) -> None:
    finding = seen("docker-daemon", answers={INFO: answer}, env={"DOCKER_HOST": "tcp://10.0.0.1:2376"})

    assert finding.severity == severity


def test_without_permission_the_group_is_named_and_joined() -> None:
    answers = {GROUP: ended("docker\n"), "id -un": ended("ada\n"), "id -nG ada": ended("ada sudo\n")}

    finding = seen("docker-permission", DENIED, answers=answers)
    daemon = seen("docker-daemon", DENIED)

    assert (finding.severity, daemon.severity) == ("warning", "skipped")
    assert finding.summary == "you may not use `/var/run/docker.sock`: `ada` is not in the group `docker`"
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "sudo usermod -aG docker ada"
    assert action.undo_argv == ("gpasswd", "-d", "ada", "docker")


def test_a_group_that_was_joined_after_login_asks_for_a_new_login() -> None:
    answers = {GROUP: ended("docker\n"), "id -un": ended("ada\n"), "id -nG ada": ended("ada docker\n")}

    finding = seen("docker-permission", DENIED, answers=answers)

    assert finding.severity == "warning"
    assert finding.remedies[0].actions == ()
    assert "`newgrp docker`" in finding.remedies[0].summary


def test_a_socket_of_root_alone_is_given_a_group_and_never_to_everybody() -> None:
    finding = seen("docker-permission", DENIED, answers={GROUP: ended("root\n")})

    assert finding.summary.endswith("it belongs to the group `root` alone")
    assert "chmod" not in finding.remedies[0].summary


@pytest.mark.parametrize("answer", [ABSENT, HANGS, ended("", "stat: Permission denied", 1)])
def test_a_group_that_cannot_be_told_leaves_an_engine_of_ones_own(answer: Answer) -> None:
    finding = seen("docker-permission", DENIED, answers={GROUP: answer})

    assert finding.severity == "warning"
    assert "rootless" in finding.remedies[0].summary


def test_a_person_without_a_name_is_not_put_into_a_group() -> None:
    answers = {GROUP: ended("docker\n"), "id -un": ended("", "cannot find name for user ID 1234", 1)}

    assert seen("docker-permission", DENIED, answers=answers).remedies[0].actions == ()


def test_too_little_memory_for_containers_is_a_warning_that_says_where_to_raise_it() -> None:
    mac = replace(LINUX, os="macos")

    desktop = seen("docker-memory", info(4 * GIB, system="Docker Desktop"), host=mac)
    native = seen("docker-memory", info(4 * GIB))

    assert desktop.summary.startswith(
        "Docker's containers can use 4 GiB of memory, and milvus asks for 8 GiB"
    )
    assert "Settings, Resources, Memory" in desktop.remedies[0].summary
    assert "jobs=1" in native.remedies[0].summary


def test_an_engine_that_hides_its_memory_is_unknown() -> None:
    assert seen("docker-memory", info(None)).severity == "unknown"


def test_without_an_engine_its_memory_is_not_judged() -> None:
    assert seen("docker-memory").severity == "skipped"
    assert not CHECKS["docker-memory"].applies(LINUX, Needs(None, None))


CONFIG = "/home/me/.docker/config.json"


def context(name: str, host: object) -> dict[str, str]:
    path = f"/home/me/.docker/contexts/meta/{hashlib.sha256(name.encode()).hexdigest()}/meta.json"
    return {path: json.dumps({"Endpoints": {"docker": {"Host": host}}})}


def endpoint(files: dict[str, str], **env: str) -> Endpoint:
    return find_endpoint(fake_system(files=FakeFiles(files), env={"HOME": "/home/me", **env}))


def test_the_engine_is_found_by_dockers_own_precedence() -> None:
    files = {CONFIG: '{"currentContext": "colima"}', **context("colima", "unix:///c.sock")}
    files |= context("rootless", "unix:///r.sock")

    assert endpoint(files).socket == "/c.sock"
    assert endpoint(files, DOCKER_CONTEXT="rootless").socket == "/r.sock"
    assert endpoint(files, DOCKER_CONTEXT="default").socket == SOCKET
    assert endpoint(files, DOCKER_CONTEXT="rootless", DOCKER_HOST="tcp://h:1") == Endpoint(
        "tcp://h:1", "`DOCKER_HOST`"
    )
    assert endpoint({}).socket == SOCKET


@pytest.mark.parametrize(
    "files",
    [
        {CONFIG: "{not json"},
        {CONFIG: "[]"},
        {CONFIG: '{"currentContext": "gone"}'},
        {CONFIG: '{"currentContext": "odd"}', **context("odd", None)},
        {f"{CONFIG}/inside": ""},
    ],
)
def test_files_that_do_not_name_an_engine_leave_it_unknown(files: dict[str, str]) -> None:
    for check_id in ("docker-daemon", "docker-permission"):
        finding = seen(check_id, files=FakeFiles(files))

        assert finding.severity == "unknown"
        assert finding.summary.startswith("cannot tell which engine `docker` uses: ")
        assert "\n" not in finding.summary
