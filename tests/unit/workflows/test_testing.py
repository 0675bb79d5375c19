"""Finding the server to test, on fakes."""

from __future__ import annotations

import pytest

from devtool.adapters.milvus.client import client_for
from devtool.errors import DevtoolError, InputError
from devtool.workflows import testing
from devtool.workflows.testing import Server, parse_uri
from tests.support import FakeNetwork, fake_system


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("http://localhost:19530", Server("http://localhost:19530", "localhost", 19530, False, None)),
        ("tcp://h", Server("http://h:19530", "h", 19530, False, None)),
        ("https://h:443/db", Server("https://h:443/db", "h", 443, True, None)),
        ("http://root:Mil%40vus@h:1", Server("http://h:1", "h", 1, False, "root:Mil@vus")),
        ("http://[::1]:1", Server("http://[::1]:1", "::1", 1, False, None)),
    ],
)
def test_an_address_is_read_and_its_secret_kept_apart(uri: str, server: Server) -> None:
    assert parse_uri(uri) == server


@pytest.mark.parametrize(
    "uri",
    ["localhost:19530", "", "http://", "ftp://h", "http://h:99999", "http://h:x", "./file.db", "http://h:0"],
)
def test_what_is_no_address_is_bad_input(uri: str) -> None:
    with pytest.raises(InputError):
        parse_uri(uri)


def test_a_bad_address_is_shown_without_its_password() -> None:
    with pytest.raises(InputError) as caught:
        parse_uri("ftp://root:secret@h:1")

    assert "secret" not in caught.value.message


def test_a_dead_server_is_named_before_anything_is_installed() -> None:
    with pytest.raises(DevtoolError, match=r"nothing listens on 127.0.0.1:19530"):
        testing.smoke(fake_system(), "http://127.0.0.1:19530")


def test_another_server_on_the_port_is_named_before_anything_is_installed() -> None:
    network = FakeNetwork(open={("h", 9091)}, replies={("h", 9091): b"HTTP/1.1 400 Bad Request\r\n"})

    with pytest.raises(DevtoolError, match="what listens on h:9091 is not Milvus's port for clients"):
        testing.smoke(fake_system(network=network), "http://h:9091")


def test_without_a_server_the_next_command_is_named() -> None:
    with pytest.raises(DevtoolError) as caught:
        testing.smoke(fake_system())

    assert (caught.value.hint or "").startswith("`devtool deploy up` starts one")


@pytest.mark.parametrize(
    ("server", "client"),
    [
        ("v2.3.5-lite", "2.3.7"),
        ("2.2.16", "2.3.7"),
        ("v2.5.4", "2.5.18"),
        ("milvus_lite-3.2.2", "2.6.17"),
        ("v9.1.0", "3.0.2"),
        ("nonsense", "3.0.2"),
        (None, "3.0.2"),
    ],
)
def test_the_client_fits_the_server(server: str | None, client: str) -> None:
    assert client_for(server).version == client
