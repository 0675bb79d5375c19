"""Addresses of a shared compile cache, and what ccache is told of them."""

from __future__ import annotations

import pytest

from devtool.adapters.remote_cache import environment, parse
from devtool.errors import InputError
from devtool.model.container import Blueprint, Service

LIMITS = "|connect-timeout=200|operation-timeout=2000"


def blueprint(**decided: str) -> Blueprint:
    return Blueprint(
        "/home/me/milvus", "milvus", Service("dev", None, environment=decided), workspace="/go/m"
    )


@pytest.mark.parametrize(
    ("url", "shown", "storage"),
    [
        ("redis://cache", "redis://cache", "redis://cache"),
        ("redis://cache:6380/2", "redis://cache:6380", "redis://cache:6380/2"),
        ("redis://word@cache", "redis://cache", "redis://word@cache"),
        ("redis://:word@cache", "redis://cache", "redis://word@cache"),
        ("redis://me:word@cache", "redis://cache", "redis://me:word@cache"),
        ("redis://[::1]:7", "redis://[::1]:7", "redis://[::1]:7"),
        ("http://me:word@cache:8080/a", "http://cache:8080", "http://me:word@cache:8080/a"),
        ("redis+unix:///run/r.sock", "redis+unix:///run/r.sock", "redis+unix:///run/r.sock"),
        ("redis+unix:/run/r.sock", "redis+unix:///run/r.sock", "redis+unix:/run/r.sock"),
    ],
)
def test_an_address_is_shown_without_its_login(url: str, shown: str, storage: str) -> None:
    cache = parse(url)

    assert cache.shown == shown
    assert cache.storage == storage + LIMITS


def test_attributes_of_ones_own_are_kept_and_limits_not_given_twice() -> None:
    assert parse("http://cache|layout=bazel|connect-timeout=50").storage == (
        "http://cache|layout=bazel|connect-timeout=50|operation-timeout=2000"
    )


@pytest.mark.parametrize(
    "url",
    [
        "cache:6379", "rediss://secret@cache", "ftp://secret@cache", "redis://", "redis://secret@", "http:///x",
        "redis://secret@cache:port", "redis://secret@cache:99999", "redis://secret@cache b", "redis://c|secret",
        "http://secret@cache", "redis+unix://secret@localhost", "", "redis://secret@a redis://b",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_its_login(url: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(url)

    assert "secret" not in f"{refused.value.message}{refused.value.hint}"
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("version", "variable"),
    [
        ((4, 4), "CCACHE_SECONDARY_STORAGE"),
        ((4, 6), "CCACHE_SECONDARY_STORAGE"),
        ((4, 7), "CCACHE_REMOTE_STORAGE"),
        ((4, 13), "CCACHE_REMOTE_STORAGE"),
    ],
)
def test_each_ccache_is_told_in_its_own_words(version: tuple[int, ...], variable: str) -> None:
    assert environment("redis://cache", blueprint(), version) == {
        variable: f"redis://cache{LIMITS}",
        "CCACHE_BASEDIR": "/go/m",
        "CCACHE_NOHASHDIR": "1",
        "CCACHE_COMPILERCHECK": "content",
    }


def test_a_ccache_that_knows_no_shared_storage_is_told_nothing() -> None:
    assert environment("redis://cache", blueprint(), (3, 7)) == {}


def test_what_the_project_decides_about_paths_stays() -> None:
    found = environment("redis://cache", blueprint(CCACHE_COMPILERCHECK="none", CCACHE_BASEDIR="/go"))

    assert found == {"CCACHE_REMOTE_STORAGE": f"redis://cache{LIMITS}", "CCACHE_NOHASHDIR": "1"}


@pytest.mark.parametrize(
    ("url", "answer", "refusal"),
    [
        ("redis://cache", "+PONG\r", None),
        ("redis://cache", "-NOAUTH Authentication required.\r", "it says `NOAUTH Authentication required`"),
        ("redis://cache", "HTTP/1.1 400 Bad Request", "it says `HTTP/1`"),
        ("http://cache", "HTTP/1.1 404 Not Found\r", None),
        ("http://cache", "HTTP/1.1 403 Forbidden\r", "it says `HTTP/1.1 403 Forbidden`"),
        ("http://cache", "-ERR unknown command", "it is no HTTP server"),
    ],
)
def test_a_server_that_turns_us_away_is_quoted(url: str, answer: str, refusal: str | None) -> None:
    assert parse(url).refusal(answer) == refusal


def test_the_request_carries_the_login_as_the_server_wants_it() -> None:
    assert parse("redis://cache").request == "PING\r\n"
    assert parse("redis://me:p%40ss@cache").request == "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$4\r\np@ss\r\n"
    assert parse("http://me:word@cache/a/").request == (
        "HEAD /a/ HTTP/1.0\r\nHost: cache\r\nAuthorization: Basic bWU6d29yZA==\r\n\r\n"
    )
