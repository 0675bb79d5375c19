"""Where docker's client would look for its engine, and what that address means for us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

import pytest

from devtool.adapters.engine.api import connect
from devtool.adapters.engine.endpoint import Endpoint, Tls, find_endpoint
from devtool.adapters.engine.tunnel import Place, parse, reach
from devtool.errors import DevtoolError, InputError
from devtool.system.engine_call import Reply
from tests.support import FakeFiles, FakeNetwork, FakeProcess, ended, fake_system

HOME = {"HOME": "/home/me"}
STORE = "/home/me/.docker/contexts"


def context(name: str, host: str, **facts: object) -> tuple[str, str]:
    digest = sha256(name.encode()).hexdigest()
    meta = {"Name": name, "Endpoints": {"docker": {"Host": host, **facts}}}
    return f"{STORE}/meta/{digest}/meta.json", json.dumps(meta)


def found(env: Mapping[str, str], *files: tuple[str, str]) -> Endpoint:
    return find_endpoint(fake_system(files=FakeFiles(dict(files)), env={**HOME, **env}))


CURRENT = ("/home/me/.docker/config.json", '{"currentContext": "far"}')
FAR = context("far", "ssh://me@far")
NEAR = context("near", "unix:///near.sock")


@pytest.mark.parametrize(
    ("env", "url", "said_by"),
    [
        ({"DOCKER_HOST": "unix:///x", "DOCKER_CONTEXT": "near"}, "unix:///x", "`DOCKER_HOST`"),
        ({"DOCKER_CONTEXT": "near"}, "unix:///near.sock", "`DOCKER_CONTEXT`"),
        ({}, "ssh://me@far", "the context `far` of `/home/me/.docker/config.json`"),
        ({"DOCKER_CONTEXT": "default"}, "unix:///var/run/docker.sock", "the default"),
    ],
)
def test_the_address_is_found_as_docker_finds_it(env: Mapping[str, str], url: str, said_by: str) -> None:
    assert found(env, CURRENT, FAR, NEAR) == Endpoint(url, said_by)


@pytest.mark.parametrize(
    ("host", "env", "url"),
    [
        ("tcp://there", {}, "tcp://there:2375"),
        ("tcp://there:99", {}, "tcp://there:99"),
        ("there:99", {}, "tcp://there:99"),
        ("tcp://[fe80::1]", {}, "tcp://[fe80::1]:2375"),
        ("tcp://there/", {"DOCKER_TLS_VERIFY": "1"}, "tcp://there:2376"),
        ("ssh://there", {"DOCKER_TLS_VERIFY": "1"}, "ssh://there"),
    ],
)
def test_what_an_address_leaves_out_is_filled_in_as_docker_does(
    host: str, env: Mapping[str, str], url: str
) -> None:
    assert found({"DOCKER_HOST": host, **env}).url == url


def test_certificates_come_from_where_docker_has_them() -> None:
    stated = found({"DOCKER_HOST": "tcp://there", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"})
    usual = found({"DOCKER_HOST": "tcp://there", "DOCKER_TLS": "1"})

    assert (stated.tls, stated.address) == (Tls("/certs", verify=True), "tls://there:2376?verify#/certs")
    assert (usual.tls, usual.address) == (
        Tls("/home/me/.docker", verify=False),
        "tls://there:2376?trust#/home/me/.docker",
    )


def test_a_context_brings_its_own_certificates() -> None:
    folder = f"{STORE}/tls/{sha256(b'far').hexdigest()}/docker"
    far = context("far", "tcp://far:2376", SkipTLSVerify=False)

    endpoint = found({}, CURRENT, far, (f"{folder}/ca.pem", "CA"))

    assert endpoint.tls == Tls(folder, verify=True)


@pytest.mark.parametrize(
    ("url", "elsewhere"),
    [
        ("unix:///var/run/docker.sock", False),
        ("tcp://127.0.0.1:2375", False),
        ("tcp://localhost:2375", False),
        ("tcp://[::1]:2375", False),
        ("tcp://build.example:2375", True),
        ("ssh://me@127.0.0.1:2222", True),
    ],
)
def test_an_engine_elsewhere_is_told_by_its_address(url: str, elsewhere: bool) -> None:
    assert (Endpoint(url, "").elsewhere == url) is elsewhere


def test_the_near_end_of_a_way_leads_elsewhere() -> None:
    endpoint = found({"DOCKER_HOST": "unix:///run/x.sock", "DEVTOOL_ENGINE": "ssh://me@far"})

    assert (endpoint.url, endpoint.elsewhere) == ("unix:///run/x.sock", "ssh://me@far")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("ssh://far", Place("far", None, None, None)),
        ("ssh://me@far:2222/", Place("far", "me", 2222, None)),
        ("ssh://me@[fe80::1]:22/run/d.sock", Place("fe80::1", "me", 22, "/run/d.sock")),
    ],
)
def test_an_ssh_address_says_who_where_and_which_socket(url: str, place: Place) -> None:
    assert parse(url) == place


@pytest.mark.parametrize(
    "url", ["ssh://", "ssh://-oProxyCommand=x", "ssh://-l@far", "ssh://far:port", "ssh://far?a"]
)
def test_what_ssh_would_take_for_something_else_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="no address of an engine"):
        parse(url)


def test_a_password_in_an_address_is_refused_without_being_shown() -> None:
    with pytest.raises(InputError) as caught:
        parse("ssh://me:geheim@far")

    assert "geheim" not in f"{caught.value.message}{caught.value.hint}"


def test_docker_and_compose_are_told_the_way_that_stands() -> None:
    name = f"/home/me/.local/state/devtool/ways/{sha256(b'ssh://far').hexdigest()[:10]}"
    process = FakeProcess(programs={"ssh": "/usr/bin/ssh"})
    network = FakeNetwork(engine={"GET /_ping": [Reply(200, b"OK")]})
    env = {**HOME, "DOCKER_HOST": "ssh://far", "DOCKER_TLS_VERIFY": "1"}

    reached = reach(fake_system(process=process, network=network, env=env))

    assert reached.env == {**HOME, "DOCKER_HOST": f"unix://{name}.sock", "DEVTOOL_ENGINE": "ssh://far"}
    assert process.surroundings == {
        "DOCKER_HOST": f"unix://{name}.sock",
        "DEVTOOL_ENGINE": "ssh://far",
        "DOCKER_CONTEXT": None,
        "DOCKER_TLS": None,
        "DOCKER_TLS_VERIFY": None,
        "DOCKER_CERT_PATH": None,
    }
    assert process.calls == []


def test_where_ssh_forwards_no_sockets_docker_goes_its_own_way_and_we_have_it_carry_ours() -> None:
    name = f"/home/me/.local/state/devtool/ways/{sha256(b'ssh://far/run/d.sock').hexdigest()[:10]}"
    process = FakeProcess(programs={"ssh": "/usr/bin/ssh"})
    network = FakeNetwork(engine={"GET /_ping": [Reply(200, b"OK")]})
    files = FakeFiles({f"{name}.dial": ""})
    system = fake_system(
        process=process, network=network, files=files, env={**HOME, "DOCKER_HOST": "ssh://far/run/d.sock"}
    )

    assert reach(system) is system
    assert connect(system).url == f"dial://{name}.ctl#unix:///run/d.sock"


def test_an_engine_here_needs_no_way() -> None:
    system = fake_system(env={**HOME, "DOCKER_HOST": "tcp://there:2375"})

    assert reach(system) is system


def test_without_ssh_the_address_is_named() -> None:
    with pytest.raises(DevtoolError, match="no `ssh` to reach `ssh://far`"):
        reach(fake_system(env={**HOME, "DOCKER_HOST": "ssh://far"}))


def test_a_login_that_fails_says_why_and_what_to_try() -> None:
    name = f"/home/me/.local/state/devtool/ways/{sha256(b'ssh://me@far:22').hexdigest()[:10]}"
    files = FakeFiles({f"{name}.log": "Warning: x\nHost key verification failed.\n"})
    check = f"ssh -F none -T -S {name}.ctl -o ProxyCommand=false -O check engine"
    process = FakeProcess({check: ended(status=255)}, programs={"ssh": "/usr/bin/ssh"})

    with pytest.raises(DevtoolError) as caught:
        reach(fake_system(process=process, files=files, env={**HOME, "DOCKER_HOST": "ssh://me@far:22"}))

    assert caught.value.message.startswith("cannot reach `ssh://me@far:22` (`DOCKER_HOST`): ")
    assert caught.value.hint == "`ssh -p 22 me@far` must get in without a question"
