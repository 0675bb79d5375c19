"""Asking mirrors for real: servers on loopback that are fast, slow, silent, false or gone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import pytest

from devtool.cli import run
from devtool.model.mirror_survey import Survey
from devtool.model.mirrors import Mirror
from devtool.system import System, real_system
from devtool.workflows.surveying import survey
from tests.support.console import FakeConsole
from tests.support.homes import Home
from tests.support.web import Web, certificate, serving

pytestmark = pytest.mark.real

# Conan's is the kind of which devtool knows no public mirror: only what a test names is asked.
PAGE = "/v2/conans/search?q=zlib/*"
RIGHT = b'{"results": ["zlib/1.3.1"]}'
PORTAL = b"<html><body>Welcome! Accept our terms to go on.</body></html>"
SCHEMA = Path(__file__).parents[1] / "contract" / "schemas" / "mirror-survey.json"
HANGS_SECONDS = 10.0
"""What `Web` stalls for: a test that waited for it would show."""


def good(**more: object) -> Web:
    return Web({PAGE: RIGHT}, ranges=False, **more)


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def gone() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@dataclass
class Person:
    """Somebody with a home and a checkout, and mirrors that it names."""

    home: Path
    checkout: Path

    def states(self, text: str) -> None:
        (self.checkout / "devtool.toml").write_text(text)

    @property
    def own(self) -> Path:
        return self.home / ".config/devtool/mirrors.toml"

    def system(self, **env: str) -> System:
        env = {"HOME": str(self.home), "PATH": "/nonexistent", **env}
        system = real_system(str(self.checkout))
        return replace(system, env=env, process=type(system.process)(env), console=FakeConsole())


@pytest.fixture
def me(tmp_path: Path) -> Person:
    home, checkout = tmp_path / "home", tmp_path / "checkout"
    home.mkdir()
    (checkout / ".git").mkdir(parents=True)
    return Person(home, checkout)


def asked(me: Person, *candidates: str, patience_seconds: float = 1.0, **env: str) -> Survey:
    named = [Mirror("conan", url, "--candidate") for url in candidates]
    return survey(me.system(**env), named, only=["conan"], patience_seconds=patience_seconds)


def troubles(surveyed: Survey) -> dict[str, str]:
    return {each.mirror.url: each.trouble for each in surveyed.comparisons[0].asked}


def test_every_way_of_not_answering_rightly_is_told_apart_and_all_take_one_patience(
    me: Person, tmp_path: Path
) -> None:
    with ExitStack() as servers:
        web = {
            "right": good(),
            "slow": good(delay_seconds=HANGS_SECONDS),
            "stalling": good(faults=[("stall", 5)]),
            "broken": good(faults=[("break", 5)]),
            "portal": Web({PAGE: PORTAL}, ranges=False),
            "looping": Web(redirects={PAGE: PAGE}),
            "absent": Web(),
            "failing": good(faults=[("status", 503)]),
            "forged": good(),
        }
        for name, each in web.items():
            servers.enter_context(serving(each, certificate(tmp_path) if name == "forged" else None))
        urls = {name: each.url("") for name, each in web.items()}
        urls |= {"silent": servers.enter_context(silent()), "gone": gone()}

        started = time.monotonic()
        surveyed = asked(me, *urls.values())
        seconds = time.monotonic() - started

    told = {name: troubles(surveyed)[url] for name, url in urls.items()}
    late = "no whole answer within 1 s", "`127.0.0.1` does not answer in time"
    assert {told.pop(name) for name in ("slow", "stalling", "silent")} <= set(late) | {
        "the connection broke: timed out"
    }
    assert told == {
        "right": "",
        "broken": "it was cut off after 5 of 27 bytes",
        "portal": "answers, but `v2/conans/search?q=zlib/*` there is not what such a mirror has",
        "looping": "it was passed on 10 times",
        "absent": "there is no such file (404)",
        "failing": "the server answers 503",
        "forged": "the certificate of `127.0.0.1` is not trusted here: self-signed certificate",
        "gone": "`127.0.0.1` refuses the connection",
    }
    chosen = surveyed.comparisons[0].chosen
    assert chosen is not None
    assert chosen.mirror.url == urls["right"]
    assert seconds < HANGS_SECONDS / 2


def test_the_fastest_takes_the_place_of_a_slow_one_and_a_second_time_nothing_changes(me: Person) -> None:
    with serving(good(delay_seconds=0.5)) as slow, serving(good()) as fast:
        me.states(f'[mirrors]\nconan = "{slow.url("")}"\n[mirrors.candidates]\nconan = "{fast.url("")}"\n')

        first = run(["setup", "--probe-mirrors", "--only", "conan", "--yes"], me.system())
        written = me.own.read_text()
        again = me.system()
        second = run(["setup", "--probe-mirrors", "--only", "conan", "--yes"], again)

    assert (first, second) == (0, 0)
    assert written.splitlines()[1:] == [f'conan = "{fast.url("")}"']
    assert isinstance(again.console, FakeConsole)
    assert again.console.results[-1] == "nothing to do"
    assert me.own.read_text() == written


def test_undo_brings_back_every_byte(me: Person) -> None:
    me.own.parent.mkdir(parents=True)
    me.own.write_bytes(b'# mine\r\n conan = "http://127.0.0.1:9"   # dead\r\ngo = "https://g.example"')
    before = Home(me.home).contents()
    with serving(good()) as web:
        status = run(
            ["setup", "--probe-mirrors", "--only", "conan", "--candidate", f"conan={web.url('')}", "--yes"],
            me.system(),
        )
        changed = me.own.read_bytes()

        undone = run(["undo"], me.system())

    assert (status, undone) == (0, 0)
    assert changed == f'# mine\r\nconan = "{web.url("")}"\r\ngo = "https://g.example"'.encode()
    assert Home(me.home).contents() == before


def test_a_plan_is_shown_to_people_programs_and_shells_and_changes_nothing(me: Person) -> None:
    with serving(good()) as web:
        told = ["setup", "--probe-mirrors", "--only", "conan", "--candidate", f"conan={web.url('')}"]
        shown = {}
        for form in ("text", "json", "shell"):
            system = me.system()
            assert run([*told, "--dry-run", "--detailed-exitcode", "--format", form], system) == 2
            assert isinstance(system.console, FakeConsole)
            shown[form] = system.console.results[-1]

    data = json.loads(shown["json"])
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert data["kinds"][0]["chosen"] == web.url("")
    assert shown["text"].splitlines()[0] == "conan: Conan packages"
    assert shown["text"].splitlines()[-1] == "1 step"
    assert f'conan = "{web.url("")}"' in shown["shell"]
    assert not me.own.exists()
    subprocess.run(["sh", "-c", shown["shell"]], check=True, env={"PATH": os.environ["PATH"]})
    assert me.own.read_text().splitlines()[1:] == [f'conan = "{web.url("")}"']


def test_without_a_word_of_the_person_nothing_is_written(me: Person) -> None:
    with serving(good()) as web:
        told = ["setup", "--probe-mirrors", "--only", "conan", "--candidate", f"conan={web.url('')}"]

        assert run(told, me.system()) == 1

    assert not me.own.exists()


def test_what_the_environment_names_is_asked_and_stays(me: Person) -> None:
    with serving(good(delay_seconds=0.4)) as slow, serving(good()) as fast:
        surveyed = asked(me, fast.url(""), patience_seconds=3.0, CONAN_ARTIFACTORY_URL=slow.url(""))

    assert (
        surveyed.comparisons[0].verdict == "`CONAN_ARTIFACTORY_URL` decides: unset it to have devtool choose"
    )
    assert surveyed.plan.steps == ()


def test_a_login_is_sent_shown_nowhere_and_never_replaced(me: Person) -> None:
    with serving(good(delay_seconds=0.3)) as private, serving(good()) as fast:
        url = private.url("").replace("//", "//me:hunter22@")
        me.states(f'[mirrors]\nconan = "{url}"\n')
        system = me.system()

        candidate = f"conan={fast.url('')}"
        status = run(["setup", "--probe-mirrors", "--only", "conan", "--candidate", candidate], system)

    assert isinstance(system.console, FakeConsole)
    said = "\n".join([*system.console.results, *system.console.notes])
    assert status == 0
    assert "the present one has a login, and stays" in said
    assert "hunter22" not in said
    assert "authorization" in private.requests[0][1]


def test_mirrors_are_asked_through_the_proxy_but_for_its_exceptions(me: Person) -> None:
    with serving(good()) as proxy, serving(good()) as near:
        surveyed = asked(
            me,
            "http://mirror.example",
            near.url(""),
            http_proxy=proxy.url(""),
            NO_PROXY="127.0.0.1",
        )

    assert troubles(surveyed) == {"http://mirror.example": "", near.url(""): ""}
    assert [path for path, _ in proxy.requests] == [f"http://mirror.example{PAGE}"]
    assert [path for path, _ in near.requests] == [PAGE]


PROOFS = {
    "pypi": (
        "/six/",
        b'<a href="../../f/six-1.16.0-py2.py3-none-any.whl">six-1.16.0-py2.py3-none-any.whl</a>',
    ),
    "go": ("/go1.21.0.linux-amd64.tar.gz.sha256", b"d0" * 32),
    "goproxy": ("/github.com/pkg/errors/@v/list", b"v0.8.0\nv0.9.1\n"),
    "rustup": ("/rustup/release-stable.toml", b"schema-version = '1'\nversion = '1.28.2'\n"),
    "crates": (
        "/config.json",
        b'{\n  "dl": "https://static.example/crates",\n  "api": "https://a.example"\n}',
    ),
    "conan": (PAGE, RIGHT),
    "apt": (
        "/dists/bookworm/InRelease",
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: D\nCodename: bookworm\n",
    ),
    "brew": ("/api/formula_tap_migrations.jws.json", b'{"payload":"{}","signatures":[]}'),
}


@pytest.mark.parametrize("kind", PROOFS)
def test_a_mirror_of_each_kind_is_known_by_its_own_page_and_a_portal_for_none(me: Person, kind: str) -> None:
    path, page = PROOFS[kind]
    if kind == "apt" and "bookworm" not in Path("/etc/os-release").read_text():
        pytest.skip("the page is that of Debian 12")
    nowhere = {"http_proxy": gone(), "https_proxy": gone(), "no_proxy": "127.0.0.1"}
    with serving(Web({path: page})) as right, serving(Web({path: PORTAL})) as portal:
        named = [Mirror(kind, each.url("/"), name) for name, each in (("right", right), ("portal", portal))]

        surveyed = survey(me.system(**nowhere), named, only=[kind], patience_seconds=3.0)

    answered = [each.mirror.source for each in surveyed.comparisons[0].asked if each.seconds is not None]
    assert answered == ["right"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--candidate", "conan=https://m.example"], "`--candidate` goes with `--probe-mirrors`"),
        (["--probe-mirrors", "--hooks"], "`--probe-mirrors` asks mirrors and installs nothing"),
        (["--probe-mirrors", "--mirror", "go=https://m.example"], "asks mirrors and installs nothing"),
        (["--probe-mirrors", "--only", "conda"], "`conda` is no kind of mirror"),
        (["--probe-mirrors", "--candidate", "conda=https://m.example"], "`--candidate` takes KIND=URL"),
        (["--probe-mirrors", "--candidate", "go=ftp://m.example"], "names no http or https address"),
        (["--probe-mirrors", "--candidate", "go=https://me:pw123@m.example"], "carries a login"),
    ],
)
def test_words_that_do_not_go_together_are_refused(
    me: Person, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["setup", *words], me.system()) == 2

    said = capsys.readouterr().err
    assert message in said
    assert "pw123" not in said
