from __future__ import annotations

import time

import pytest

from devtool.model.redaction import redact

SECRET = "s3cr3tvalue1234567890abcd"


@pytest.mark.parametrize(
    "text",
    [
        f"http://me:{SECRET}@proxy.example:3128/",
        f"fatal: unable to access 'https://oauth2:{SECRET}@git.example/x.git/'",
        f"ghp_{SECRET}",
        f"github_pat_{SECRET}",
        f"glpat-{SECRET}",
        "AKIAABCDEFGHIJKLMNOP",
        f"xoxb-{SECRET}",
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.{SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"authorization=Basic {SECRET}",
        f"MINIO_SECRET_KEY={SECRET}",
        f"export GITHUB_TOKEN='{SECRET}'",
        f'"auth": "{SECRET}"',
        f'"identitytoken" : "{SECRET}"',
        f"password: {SECRET}",
        f"curl --api-key {SECRET}",
        f"AZURE_STORAGE_ACCESS_KEY={SECRET}",
        f"AccountName=me;AccountKey={SECRET}==;BlobEndpoint=http://azurite.example/",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    masked = redact(text)

    assert SECRET not in masked
    assert "AKIAABCDEFGHIJKLMNOP" not in masked
    assert "[redacted]" in masked


@pytest.mark.parametrize(
    "text",
    [
        "go 1.19.8 does not satisfy >=1.26.5 (go.mod:3)",
        "error getting credentials - err: exit status 1, out: ``",
        "`docker-credential-desktop` is named in `/home/me/.docker/config.json` and not on PATH",
        "http://127.0.0.1:19530/healthz",
        "https://github.com/milvus-io/milvus/issues/37716",
        "ssh: git@github.com:milvus-io/milvus.git",
        "author: Ada <ada@example.org>",
        "image milvus:v2.5@sha256:0123456789abcdef",
        "https://ada@example.org/milvus.git",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "HTTP_PROXY=me:{}@proxy:3128",
        "proxy http://me:pa:ss@{}@proxy:3128/",
        "remote https://{}0123456789abcdef@host/x.git",
        "npm_{}0123456789abcdef0123",
    ],
)
def test_secrets_in_less_common_places_are_masked(text: str) -> None:
    secret = "Zx9kQ2vB7n"

    assert secret not in redact(text.format(secret))


def test_masking_twice_changes_nothing_more() -> None:
    once = redact(f"TOKEN={SECRET} http://a:{SECRET}@b")

    assert redact(once) == once


@pytest.mark.parametrize(
    "unit", ["a", "a:", "://", "token", "auth ", "-", "eyJ", "key=", "x://a:", "_", "\t"]
)
def test_a_hostile_line_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        redact(text)
        return time.process_time() - started

    short = max(seconds(20_000), 0.001)

    assert seconds(200_000) < 60 * short
