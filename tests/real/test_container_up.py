"""`devtool container up`, `down`, `ps` and `logs` on a real engine, with both generations of Compose."""

from __future__ import annotations

import http.server
import json
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.shaped_project import ERAS
from tests.support.engine import REPOSITORY, Command, Compose, Images, Shaped, docker, forget

pytestmark = pytest.mark.real


def ids(checkout: Path) -> dict[str, str]:
    """Service and container of the project."""
    said = docker(
        "ps", "-a", "--no-trunc", "--filter", f"label=com.docker.compose.project={checkout.name}",
        "--format", '{{.Label "com.docker.compose.service"}} {{.ID}}',
    )  # fmt: skip
    return dict(line.split() for line in said.splitlines())


def facts(container: str) -> dict[str, object]:
    found = json.loads(docker("inspect", container))
    assert isinstance(found[0], dict)
    return found[0]


def rewrite(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.mark.parametrize("era", sorted(ERAS))
def test_a_checkout_of_each_era_comes_up_by_each_compose(
    era: str, compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped(era=era)

    said = devtool("container", "up", cwd=checkout, env=compose.env)

    up = ids(checkout)
    assert list(up) == ["builder"]
    made = facts("".join(up.values()))
    image = f"{REPOSITORY}/milvus-env:{ERAS[era].os_name}-{ERAS[era].date_version}"
    assert made["Config"]["Image"] == image
    assert made["Config"]["Labels"]["devcontainer.local_folder"] == str(checkout)
    assert made["Config"]["Labels"]["com.docker.compose.version"].startswith(f"{compose.major}.")
    assert made["HostConfig"]["Init"] is True
    assert made["State"]["Running"] is True
    assert said.stdout == f"`{made['Name'][1:]}` is up\n"
    assert subprocess.run(
        ["git", "status", "--porcelain"], cwd=checkout, capture_output=True, check=True
    ).stdout == b""  # fmt: skip

    again = devtool("container", "up", cwd=checkout, env=compose.env)

    assert (again.stdout, again.stderr) == (said.stdout, "")
    assert ids(checkout) == up
    assert facts(up["builder"])["State"]["StartedAt"] == made["State"]["StartedAt"]


def test_services_come_up_beside_it_healthy_and_all_goes_down_at_once(
    compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout, other = shaped(), shaped()
    devtool("container", "up", cwd=other, env=compose.env)

    devtool("container", "up", "--with", "etcd,minio", cwd=checkout, env=compose.env)
    rows = json.loads(devtool("container", "ps", "--format", "json", cwd=checkout, env=compose.env).stdout)
    began = time.monotonic()
    said = devtool("container", "down", cwd=checkout, env=compose.env)
    took = time.monotonic() - began

    states = {row["service"]: row["status"] for row in rows["containers"]}
    assert list(states) == ["builder", "etcd", "minio"]
    assert all("(healthy)" in states[name] for name in ("etcd", "minio"))
    assert f"`{checkout.name}`" in said.stdout
    assert ids(checkout) == {}
    assert docker("network", "ls", "-q", "--filter", f"name={checkout.name}") == ""
    assert took < 5
    assert len(ids(other)) == 1
    nothing = devtool("container", "down", cwd=checkout, env=compose.env)
    assert nothing.stdout == "nothing is up: nothing to do\n"


def test_what_is_up_is_taken_without_docker_or_compose(
    compose_v5: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose_v5.env)

    said = devtool("container", "up", cwd=checkout, env={**compose_v5.env, "PATH": "/nowhere"})

    assert said.stdout.endswith("is up\n")


def test_what_plain_compose_made_is_adopted_and_can_be_worked_in(
    compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    rewrite(
        checkout / "docker-compose.yml", "make check-proto-product", "sleep 1000; make check-proto-product"
    )
    compose("up", "-d", "--no-deps", "builder", cwd=checkout)
    before = ids(checkout)

    devtool("container", "up", "--with", "etcd", cwd=checkout, env=compose.env)

    assert {**before, **ids(checkout)} == ids(checkout)
    assert sorted(ids(checkout)) == ["builder", "etcd"]
    said = devtool("container", "exec", "--", "pwd", cwd=checkout, env=compose.env)
    assert said.stdout == "/go/src/github.com/milvus-io/milvus\n"


def test_an_older_container_is_told_of_and_renewed_only_when_nobody_works_in_it(
    compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose.env)
    before = ids(checkout)
    old, new = ERAS["head"], ERAS["2.4"]
    (checkout / ".env").write_text(
        (checkout / ".env").read_text()
        .replace(old.date_version, new.date_version).replace(old.os_name, new.os_name)
    )  # fmt: skip

    told = devtool("container", "up", cwd=checkout, env=compose.env)
    listed = devtool("container", "ps", cwd=checkout, env=compose.env)

    assert ids(checkout) == before
    assert f"milvus-env:{old.os_name}-{old.date_version}`, and the checkout asks for" in told.stderr
    assert "`devtool container up --recreate` renews it" in told.stderr
    assert "older than the checkout: it was made from" in listed.stdout

    work = subprocess.Popen(["docker", "exec", before["builder"], "sleep", "987"])
    try:
        while "sleep 987" not in docker("top", before["builder"]):
            time.sleep(0.1)
        refused = devtool("container", "up", "--recreate", cwd=checkout, env=compose.env, status=1)
        assert refused.stderr.startswith("devtool: `sleep 987` works in `")
        assert ids(checkout) == before

        devtool("container", "up", "--recreate", "--force", cwd=checkout, env=compose.env)
    finally:
        work.kill()
        work.wait()

    assert list(ids(checkout)) == ["builder"]
    assert ids(checkout) != before
    after = facts(ids(checkout)["builder"])
    assert after["Config"]["Image"].endswith(f"{new.os_name}-{new.date_version}")
    assert devtool("container", "up", cwd=checkout, env=compose.env).stderr == ""


def test_a_stopped_container_is_started_and_keeps_what_is_in_it(
    compose_v5: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose_v5.env)
    before = ids(checkout)
    docker("exec", before["builder"], "touch", "/kept")
    docker("stop", "-t", "1", before["builder"])

    devtool("container", "up", cwd=checkout, env=compose_v5.env)

    assert ids(checkout) == before
    docker("exec", before["builder"], "test", "-f", "/kept")


def test_a_checkout_of_the_same_name_elsewhere_is_not_taken_for_this_one(
    compose_v5: Compose, shaped: Shaped, devtool: Command, tmp_path: Path
) -> None:
    checkout = shaped()
    twin = tmp_path / "elsewhere" / checkout.name
    subprocess.run(["git", "clone", "-q", str(checkout), str(twin)], check=True)
    devtool("container", "up", cwd=checkout, env=compose_v5.env)

    said = [
        devtool(*words, cwd=twin, env=compose_v5.env, status=2).stderr
        for words in (("container", "up"), ("container", "down"), ("build", "--in", "builder"))
    ]

    assert all(f"of another project's containers, of `{checkout}`" in each for each in said)
    assert len(ids(checkout)) == 1


def test_logs_are_those_of_the_service(compose_v5: Compose, shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()
    rewrite(checkout / "docker-compose.yml", "minio server /minio_data", "sh -c 'seq 5; serve'")
    devtool("container", "up", "--with", "minio", cwd=checkout, env=compose_v5.env)

    said = devtool("container", "logs", "minio", "-n", "2", cwd=checkout, env=compose_v5.env)
    absent = devtool("container", "logs", "etcd", cwd=checkout, env=compose_v5.env, status=1)
    unknown = devtool("container", "logs", "nobody", cwd=checkout, env=compose_v5.env, status=2)

    assert said.stdout == "4\n5\n"
    assert absent.stderr == "devtool: `etcd` was not started\n  `devtool container up --with etcd`\n"
    assert unknown.stderr.startswith("devtool: there is no service `nobody`\n")


def test_cache_volumes_go_only_when_asked_for(compose_v5: Compose, shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose_v5.env)

    def volumes() -> str:
        return docker("volume", "ls", "-q", "--filter", f"label=devcontainer.local_folder={checkout}")

    made = volumes()
    devtool("container", "down", cwd=checkout, env=compose_v5.env)
    left = volumes()
    devtool("container", "down", "--volumes", cwd=checkout, env=compose_v5.env)

    assert f"{checkout.name}-devtool-go-build" in made
    assert (left, volumes()) == (made, "")


@pytest.mark.parametrize("moment", [0.25, 0.5, 0.7, 0.9, 1.2])
def test_after_an_up_that_was_killed_the_next_one_works(
    moment: float, compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    killed = subprocess.Popen(
        ["timeout", "-s", "KILL", str(moment), *devtool.words, "container", "up"],
        cwd=checkout,
        env={**compose.env, **devtool.own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    killed.wait()

    devtool("container", "up", cwd=checkout, env=compose.env)

    up = ids(checkout)
    assert list(up) == ["builder"]
    assert facts(up["builder"])["State"]["Running"] is True
    assert checkout.name in facts(up["builder"])["NetworkSettings"]["Networks"]
    assert devtool("container", "exec", "--", "true", cwd=checkout, env=compose.env).stderr == ""


class _Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    """A registry that shows nobody anything."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}/milvusdb"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_image_that_a_registry_refuses_costs_one_line_that_says_what_to_do(
    refusing: str, compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped(IMAGE_REPO=refusing)

    said = devtool("container", "up", cwd=checkout, env=compose.env, status=1).stderr.splitlines()

    image = f"{refusing}/milvus-env:ubuntu22.04-20260714-c135601"
    assert said[0] == f"fetching `{image}`"
    assert said[1].startswith(f"devtool: cannot fetch `{image}`: ")
    assert any("`devtool explain " in line for line in said[2:]), said
    assert said[-1] == "  `devtool container up --build` makes it from this checkout"
    assert ids(checkout) == {}


def test_a_registry_that_does_not_answer_is_told_apart(
    compose_v5: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped(IMAGE_REPO="127.0.0.1:1/milvusdb")

    said = devtool("container", "up", cwd=checkout, env=compose_v5.env, status=1).stderr

    assert "`devtool explain docker-registry-unreachable` says what to do" in said


@pytest.mark.parametrize("era", sorted(ERAS))
def test_the_images_are_those_that_milvus_names(
    era: str, compose: Compose, shaped: Shaped, devtool: Command, milvus_images: None
) -> None:
    checkout = shaped(era=era, IMAGE_REPO="milvusdb")
    for service, image in zip(("etcd", "pulsar"), ERAS[era].servers, strict=False):
        rewrite(
            checkout / "docker-compose.yml",
            f"  {service}:\n    image: ${{SERVER_IMAGE}}",
            f"  {service}:\n    image: {image}",
        )

    devtool("container", "up", "--with", "etcd,pulsar", cwd=checkout, env=compose.env)

    said = devtool("container", "ps", "--format", "json", cwd=checkout, env=compose.env).stdout
    assert {row["service"]: row["image"] for row in json.loads(said)["containers"]} == {
        "builder": f"milvusdb/milvus-env:{ERAS[era].os_name}-{ERAS[era].date_version}",
        "etcd": "milvusdb/etcd:3.5.5-r2",
        "pulsar": "apachepulsar/pulsar:2.8.2",
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("moment", [0.05, 0.4])
def test_an_up_that_is_interrupted_says_so_leaves_no_program_and_the_next_one_works(
    moment: float, number: signal.Signals, compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    process = subprocess.Popen(
        [*devtool.words, "container", "up"],
        cwd=checkout,
        env={**compose.env, **devtool.own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    locks = Path(devtool.own["XDG_STATE_HOME"])
    while process.poll() is None and not list(locks.glob("devtool/containers/*/up.lock")):
        time.sleep(0.01)
    time.sleep(moment)
    process.send_signal(number)
    said, errors = process.communicate(timeout=20)

    ended = process.returncode == 128 + number and errors.endswith("devtool: interrupted\n")
    assert ended or (process.returncode == 0 and said.endswith("is up\n"))
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"--project-name {checkout.name}" not in running

    devtool("container", "up", cwd=checkout, env=compose.env)
    assert facts(ids(checkout)["builder"])["State"]["Running"] is True


def test_what_cannot_be_made_is_said_in_dockers_words_and_mended_by_the_next_up(
    compose: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    rewrite(checkout / "docker-compose.yml", "shm_size: 2G", "shm_size: 2G\n    devices: [/dev/nothing-here]")

    said = devtool("container", "up", cwd=checkout, env=compose.env, status=1).stderr
    rewrite(checkout / "docker-compose.yml", "\n    devices: [/dev/nothing-here]", "")
    devtool("container", "up", "--recreate", cwd=checkout, env=compose.env)

    assert said.startswith("devtool: cannot start builder: ")
    assert "/dev/nothing-here" in said
    assert facts(ids(checkout)["builder"])["State"]["Running"] is True


def test_an_image_is_built_from_the_checkout_when_asked_and_taken_by_a_new_container(
    compose: Compose, shaped: Shaped, devtool: Command, images: Images
) -> None:
    tag = f"built-{uuid.uuid4().hex[:8]}"
    image = f"{REPOSITORY}/milvus-env:ubuntu22.04-{tag}"
    checkout = shaped(DATE_VERSION=tag, LATEST_DATE_VERSION="none")
    dockerfile = checkout / "build/docker/builder/cpu/ubuntu22.04/Dockerfile"
    rewrite(checkout / "docker-compose.yml", "\n      cache_from:\n", "\n      labels:\n")
    rewrite(checkout / "docker-compose.yml", "- ${IMAGE_REPO}/milvus-env:${OS_NAME}-${LATEST", "- a=${LATEST")
    try:
        dockerfile.write_text(f"FROM {images.builder}\nRUN echo one >/built\n")
        devtool("container", "up", "--build", cwd=checkout, env=compose.env)
        before = ids(checkout)
        first = docker("exec", before["builder"], "cat", "/built")
        dockerfile.write_text(f"FROM {images.builder}\nRUN echo two >/built\n")

        told = devtool("container", "up", "--build", cwd=checkout, env=compose.env)
        kept = ids(checkout)
        devtool("container", "up", "--recreate", cwd=checkout, env=compose.env)

        assert first == "one"
        assert f"has the image that `{image}` was before" in told.stderr
        assert kept == before
        assert docker("exec", ids(checkout)["builder"], "cat", "/built") == "two"
    finally:
        forget(checkout)
        docker("rmi", image, status=None)


def test_a_server_that_is_chosen_to_work_in_goes_on_serving(
    compose_v5: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()

    devtool("container", "up", "--service", "minio", cwd=checkout, env=compose_v5.env)

    assert facts(ids(checkout)["minio"])["Config"]["Cmd"] == ["minio", "server", "/minio_data"]


def test_all_services_come_up_when_asked(compose_v5: Compose, shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()

    devtool("container", "up", "--with", "all", cwd=checkout, env=compose_v5.env)

    assert sorted(ids(checkout)) == ["azurite", "builder", "etcd", "gcpnative", "jaeger", "minio", "pulsar"]


def test_a_project_keeps_the_compose_that_its_containers_were_made_by(
    compose_v1: Compose, compose_v5: Compose, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose_v1.env)
    before = ids(checkout)

    devtool("container", "up", "--with", "etcd", cwd=checkout, env=compose_v5.env)

    after = ids(checkout)
    assert after["builder"] == before["builder"]
    assert facts(after["etcd"])["Config"]["Labels"]["com.docker.compose.version"].startswith("1.")
