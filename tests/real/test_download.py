"""Downloads from a real server on loopback that breaks off, stalls, lies and hides behind proxies."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtool.errors import DevtoolError
from devtool.system.network import RealNetwork
from devtool.system.transfer import Patience
from tests.conftest import require
from tests.support.disks import small_disk
from tests.support.web import Web, certificate, serving

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NETWORK = RealNetwork(Patience(connect_seconds=2, read_seconds=0.5, attempts=3, pause_seconds=0.01))


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(Web({"/go.tar.gz": CONTENT})) as site:
        yield site


def bring(url: str, path: Path, env: dict[str, str] | None = None, **more: object) -> None:
    asked: dict[str, object] = {"sha256": SHA256, "limit_bytes": 10 * 1024**2, **more}
    NETWORK.download(url, str(path), env=env or {}, **asked)


def refused(url: str, path: Path, env: dict[str, str] | None = None, **more: object) -> DevtoolError:
    with pytest.raises(DevtoolError) as refusal:
        bring(url, path, env, **more)
    assert not path.exists()
    return refusal.value


def test_a_file_comes_whole_and_tells_how_far_it_is(web: Web, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    bring(web.url("/go.tar.gz"), tmp_path / "new folder" / "go", on_progress=lambda *at: told.append(at))

    assert (tmp_path / "new folder" / "go").read_bytes() == CONTENT
    assert os.listdir(tmp_path / "new folder") == ["go"]
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_what_is_there_already_is_not_asked_for(web: Web, tmp_path: Path) -> None:
    (tmp_path / "go").write_bytes(CONTENT)

    bring(web.url("/go.tar.gz"), tmp_path / "go")

    assert web.requests == []


@pytest.mark.parametrize("kind", ["break", "stall"])
def test_a_transfer_that_ends_early_goes_on_where_it_was(web: Web, tmp_path: Path, kind: str) -> None:
    web.faults = [(kind, 300_000), ("status", 503)]

    bring(web.url("/go.tar.gz"), tmp_path / "go")

    assert (tmp_path / "go").read_bytes() == CONTENT
    assert web.asked == [None, "bytes=300000-", "bytes=300000-"]


def test_a_server_without_ranges_is_asked_for_all_of_it_again(web: Web, tmp_path: Path) -> None:
    web.ranges, web.faults = False, [("break", 300_000)]

    bring(web.url("/go.tar.gz"), tmp_path / "go")

    assert (tmp_path / "go").read_bytes() == CONTENT


def test_a_file_that_changed_between_two_attempts_is_not_pieced_together(web: Web, tmp_path: Path) -> None:
    web.faults = [("break", 300_000)]
    old = b"x" * len(CONTENT)
    web.files["/go.tar.gz"], web.tag = old, '"old"'
    tell = _swap_after_first(web)

    bring(web.url("/go.tar.gz"), tmp_path / "go", on_progress=tell)

    assert (tmp_path / "go").read_bytes() == CONTENT


def _swap_after_first(web: Web):
    def tell(_: int, __: int | None) -> None:
        web.files["/go.tar.gz"], web.tag = CONTENT, '"new"'

    return tell


def test_a_file_of_unknown_length_comes_whole_too(web: Web, tmp_path: Path) -> None:
    web.chunked = True

    bring(web.url("/go.tar.gz"), tmp_path / "go")

    assert (tmp_path / "go").read_bytes() == CONTENT


def test_what_an_earlier_run_left_is_gone_on_with_and_a_foreign_part_is_no_harm(
    web: Web, tmp_path: Path
) -> None:
    for left in (CONTENT[:1000], b"foreign", CONTENT, CONTENT + b"more"):
        web.requests.clear()
        (tmp_path / "go.part").write_bytes(left)

        bring(web.url("/go.tar.gz"), tmp_path / "go")

        assert (tmp_path / "go").read_bytes() == CONTENT
        assert web.asked[0] == f"bytes={len(left)}-"
        assert os.listdir(tmp_path) == ["go"]
        (tmp_path / "go").unlink()


def test_a_download_killed_at_any_time_is_finished_by_the_next(web: Web, tmp_path: Path) -> None:
    web.faults = [("stall", 500_000)]
    child = os.fork()
    if child == 0:
        patient = RealNetwork(Patience(read_seconds=60))
        patient.download(
            web.url("/go.tar.gz"), str(tmp_path / "go"), env={}, sha256=SHA256, limit_bytes=10**8,
            on_progress=lambda here, _: os.kill(os.getpid(), signal.SIGKILL) if here > 400_000 else None,
        )  # fmt: skip
        os._exit(9)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert os.listdir(tmp_path) in (["go.part"], [])

    bring(web.url("/go.tar.gz"), tmp_path / "go")

    assert (tmp_path / "go").read_bytes() == CONTENT


def test_wrong_bytes_are_named_with_both_sums_and_nothing_stays(web: Web, tmp_path: Path) -> None:
    web.files["/go.tar.gz"] = wrong = b"not it"

    error = refused(web.url("/go.tar.gz"), tmp_path / "go")

    found = hashlib.sha256(wrong).hexdigest()
    assert error.message == (
        f"`{web.url('/go.tar.gz')}` came with the wrong checksum: sha256 {found}, and {SHA256} is published"
    )
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "there is no such file (404)"),
        (403, "the server forbids it (403)"),
        (401, "the server wants a login (401)"),
        (418, "no file comes with that answer (418)"),
    ],
)
def test_an_answer_that_stays_the_same_is_not_asked_for_twice(
    web: Web, tmp_path: Path, status: int, said: str
) -> None:
    web.faults = [("status", status)] * 5

    error = refused(web.url("/go.tar.gz"), tmp_path / "go")

    assert error.message == f"cannot download `{web.url('/go.tar.gz')}`: {said}"
    assert len(web.requests) == 1


def test_a_server_in_trouble_is_tried_as_often_as_is_patient(web: Web, tmp_path: Path) -> None:
    web.faults = [("status", 502)] * 3

    error = refused(web.url("/go.tar.gz"), tmp_path / "go")

    assert error.message.endswith("the server answers 502 (3 attempts)")
    assert os.listdir(tmp_path) == []


def test_a_transfer_that_makes_way_each_time_is_not_given_up(web: Web, tmp_path: Path) -> None:
    web.files["/large"] = large = CONTENT * 10
    web.faults = [("break", len(CONTENT) + 1)] * 6

    bring(
        web.url("/large"), tmp_path / "go", sha256=hashlib.sha256(large).hexdigest(), limit_bytes=len(large)
    )

    assert len(web.requests) == 7


def test_a_silent_server_does_not_hold_anybody(web: Web, tmp_path: Path) -> None:
    web.faults = [("stall", 10)] * 3
    started = time.monotonic()

    error = refused(web.url("/go.tar.gz"), tmp_path / "go")

    assert time.monotonic() - started < 5
    assert error.message.endswith("`127.0.0.1` does not answer in time (3 attempts)")
    assert (tmp_path / "go.part").read_bytes() == CONTENT[:30]


def test_a_refused_connection_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/go"

        error = refused(url, tmp_path / "go")

    assert error.message == f"cannot download `{url}`: `127.0.0.1` refuses the connection (3 attempts)"
    assert error.hint == "check the network; behind a proxy, set `https_proxy`"


def test_a_name_that_nobody_knows_says_so(tmp_path: Path) -> None:
    error = refused("https://nowhere.invalid/go", tmp_path / "go")

    assert error.message.startswith(
        "cannot download `https://nowhere.invalid/go`: no address is known for `nowhere.invalid`"
    )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/go",
        "https:///go",
        "http://a:b:c/",
        "http://h:99999/",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_bad_input(url: str, tmp_path: Path) -> None:
    assert refused(url, tmp_path / "go").exit_status == 2


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_larger_than_it_may_be_is_cut_off_and_removed(
    web: Web, tmp_path: Path, chunked: bool
) -> None:
    web.chunked = chunked

    error = refused(web.url("/go.tar.gz"), tmp_path / "go", limit_bytes=600_000)

    assert "is larger than the 586 KiB that it may have" in error.message
    assert os.listdir(tmp_path) == []


def test_redirects_are_followed_and_a_circle_is_left(web: Web, tmp_path: Path) -> None:
    web.redirects = {"/dl": "/go.tar.gz", "/round": web.url("/round"), "/odd": "http://[::1"}

    bring(web.url("/dl"), tmp_path / "go")
    error = refused(web.url("/round"), tmp_path / "other")
    odd = refused(web.url("/odd"), tmp_path / "odd")

    assert odd.message.endswith("it leads to no address")
    assert (tmp_path / "go").read_bytes() == CONTENT
    assert "it was passed on 10 times" in error.message


def test_a_login_in_the_address_goes_to_its_own_server_alone(web: Web, tmp_path: Path) -> None:
    with serving(Web({"/go": CONTENT})) as other:
        web.redirects = {"/dl": other.url("/go")}

        bring(web.url("/dl").replace("//", "//me:s3cr%40t@"), tmp_path / "go")

        assert web.requests[0][1]["authorization"] == "Basic bWU6czNjckB0"
        assert "authorization" not in other.requests[0][1]
        assert other.requests[0][1]["host"] == f"127.0.0.1:{other.port}"


def test_a_secret_in_the_address_is_not_said(web: Web, tmp_path: Path) -> None:
    error = refused(web.url("/absent").replace("//", "//me:hunter22@"), tmp_path / "go")

    assert "hunter22" not in error.message
    assert "[redacted]" in error.message


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_is_asked_for_what_lies_behind_it(web: Web, tmp_path: Path, variable: str) -> None:
    with serving(Web({"/go.tar.gz": CONTENT})) as proxy:
        bring("http://files.example/go.tar.gz", tmp_path / "go", {variable: proxy.url("")})

        assert proxy.requests[0][0] == "http://files.example/go.tar.gz"
        assert web.requests == []


@pytest.mark.parametrize("exception", ["127.0.0.1", "127.0.0.0/8", "*", "example.com, 127.0.0.1"])
def test_an_exception_goes_past_the_proxy(web: Web, tmp_path: Path, exception: str) -> None:
    env = {"http_proxy": "http://127.0.0.1:9", "NO_PROXY": exception}

    bring(web.url("/go.tar.gz"), tmp_path / "go", env)

    assert (tmp_path / "go").read_bytes() == CONTENT


def test_a_proxy_that_wants_a_login_gets_it_or_is_told_of(web: Web, tmp_path: Path) -> None:
    with serving(Web({"/go": CONTENT}, login="me:s3cr@t")) as proxy:
        knowing = proxy.url("").replace("//", "//me:s3cr%40t@")

        error = refused("http://files.example/go", tmp_path / "go", {"http_proxy": proxy.url("")})
        bring("http://files.example/go", tmp_path / "go", {"http_proxy": knowing})

    assert error.message == "cannot download `http://files.example/go`: the proxy wants a login (407)"
    assert error.hint is not None
    assert (tmp_path / "go").read_bytes() == CONTENT


def test_a_dead_proxy_is_named(tmp_path: Path) -> None:
    error = refused("https://files.example/go", tmp_path / "go", {"HTTPS_PROXY": "127.0.0.1:9"})

    assert error.message == (
        "cannot download `https://files.example/go`: "
        "the proxy `127.0.0.1:9` refuses the connection (3 attempts)"
    )


def test_a_socks_proxy_is_refused_in_one_line(tmp_path: Path) -> None:
    error = refused("https://files.example/go", tmp_path / "go", {"all_proxy": "socks5h://127.0.0.1:1080"})

    assert error.message == "`all_proxy` names a proxy that devtool cannot speak to"


# Before 3.11 `http.client` forgets the answer of a proxy that refused.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_certificate_is_trusted_only_where_it_is_named_also_through_a_proxy(tmp_path: Path) -> None:
    require(shutil.which("openssl"), "no openssl on this machine")
    pem = certificate(tmp_path)
    with (
        serving(Web({"/go": CONTENT}), pem) as site,
        serving(Web(login="me:pass")) as proxy,
    ):
        url, knowing = site.url("/go"), {"SSL_CERT_FILE": str(pem)}
        login = {**knowing, "https_proxy": proxy.url("").replace("//", "//me:pass@")}

        untrusted = refused(url, tmp_path / "go")
        unknown = refused(url, tmp_path / "go", {**knowing, "https_proxy": proxy.url("")})
        bring(url, tmp_path / "go", knowing)
        bring(url, tmp_path / "through", login)

        assert proxy.requests[-1][0] == f"127.0.0.1:{site.port}"
        assert "proxy-authorization" not in site.requests[-1][1]
    assert "the certificate of `127.0.0.1` is not trusted here: self" in untrusted.message
    assert untrusted.hint == "name your proxy's or mirror's CA bundle in `SSL_CERT_FILE`"
    assert unknown.message.endswith(f"the proxy `127.0.0.1:{proxy.port}` wants a login (407)")
    assert (tmp_path / "through").read_bytes() == CONTENT
    gc.collect()


def test_a_way_from_https_to_http_is_not_taken(web: Web, tmp_path: Path) -> None:
    require(shutil.which("openssl"), "no openssl on this machine")
    pem = certificate(tmp_path)
    with serving(Web(redirects={"/go": web.url("/go.tar.gz")}), pem) as site:
        error = refused(site.url("/go"), tmp_path / "go", {"SSL_CERT_FILE": str(pem)})

    assert "which nothing protects" in error.message
    assert web.requests == []


def test_a_bundle_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_text("hello")

    for bundle in (tmp_path / "bundle", tmp_path / "absent"):
        error = refused("https://127.0.0.1:9/go", tmp_path / "go", {"SSL_CERT_FILE": str(bundle)})

        assert error.message == f"`{bundle}` holds no certificates that can be read"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_full_disk_is_one_line_and_is_not_left_full(web: Web, tmp_path: Path, chunked: bool) -> None:
    web.chunked = chunked
    with small_disk(tmp_path / "disk", "size=256k"):
        error = refused(web.url("/go.tar.gz"), tmp_path / "disk/go")

        assert "no space left on device" in error.message
        assert error.hint == "free some space and try again"
        assert os.listdir(tmp_path / "disk") == []
        subprocess.run(
            ["dd", "if=/dev/zero", f"of={tmp_path}/disk/x", "bs=1k", "count=200", "status=none"], check=True
        )


def test_a_page_is_fetched_as_a_file_is(web: Web) -> None:
    web.files["/go.tar.gz.sha256"] = SHA256.encode()
    web.faults = [("status", 500)]

    assert NETWORK.fetch(web.url("/go.tar.gz.sha256"), env={}, limit_bytes=1000) == SHA256.encode()
    with pytest.raises(DevtoolError, match="is larger than"):
        NETWORK.fetch(web.url("/go.tar.gz"), env={}, limit_bytes=1000)


def test_an_address_with_a_blank_is_bad_input_and_asked_for_once(web: Web, tmp_path: Path) -> None:
    assert refused(web.url("/a b"), tmp_path / "go").exit_status == 2
    assert web.requests == []
