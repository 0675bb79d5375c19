"""What an address means, and whose credentials go with it."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.workflows.connecting.addressing import parse_address
from devtool.workflows.connecting.profiles import Wish, find_address
from tests.support import FakeFiles, FakeProcess, fake_system

HOME = {"HOME": "/home/me", "PATH": "/usr/bin"}
OWN = "/home/me/.config/devtool/connections.toml"


@pytest.mark.parametrize(
    ("text", "uri", "token", "database"),
    [
        ("localhost:19531", "http://localhost:19531", None, None),
        ("10.0.0.7", "http://10.0.0.7:19530", None, None),
        ("[::1]:19530", "http://[::1]:19530", None, None),
        ("tcp://host", "http://host:19530", None, None),
        ("https://root:a%40b@host:443/prod", "https://host:443", "root:a@b", "prod"),
        ("http://key-alone@host:1", "http://host:1", "key-alone", None),
        ("https://in03-1.api.gcp-us-west1.zillizcloud.com", "https://in03-1.api.gcp-us-west1.zillizcloud.com:443",
         None, None),
        ("./demo.db", "/checkout/demo.db", None, None),
        ("~/x.db", "/home/me/x.db", None, None),
    ],
)  # fmt: skip
def test_an_address_is_understood(text: str, uri: str, token: str | None, database: str | None) -> None:
    address = parse_address(text, "the command line", "/checkout", "/home/me")

    assert (address.uri, address.token, address.database) == (uri, token, database)
    assert "a@b" not in repr(address)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ftp://host", "has the scheme `ftp`"),
        ("localhost:99999", "its port is none"),
        ("host:port", "its port is none"),
        ("http://", "names no host"),
        ("http://user:hunter2/hunter2@host:19530", "`http://host:19530` is not the address"),
        ("unix:/run/x.sock", "is a Unix socket"),
        ("two words", "is not the address of a Milvus"),
    ],
)
def test_what_is_no_address_is_refused_without_its_secrets(text: str, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_address(text, "the command line", "/checkout")

    assert said in refusal.value.message
    assert "hunter2" not in refusal.value.message


def test_the_environment_gives_credentials_to_an_address_that_has_none() -> None:
    system = fake_system(env={**HOME, "MILVUS_USER": "me", "MILVUS_PASSWORD": "p"})

    assert find_address(system, Wish("host:1")).token == "me:p"
    assert find_address(system, Wish("http://root:own@host:1")).token == "root:own"


def test_the_keyring_is_asked_for_the_password_of_this_very_server() -> None:
    from tests.support import ended

    process = FakeProcess(
        {"/usr/bin/keyring get devtool-milvus me@host:1": ended("kept\n")}, {"keyring": "/usr/bin/keyring"}
    )
    system = fake_system(process=process, env={**HOME, "MILVUS_USER": "me"})

    assert find_address(system, Wish("host:1")).token == "me:kept"
    process.assert_used()


def test_a_profile_of_the_person_comes_before_the_checkouts() -> None:
    files = FakeFiles(
        {
            OWN: '[dev]\nhost = "mine"\nsecure = true\nca = "ca.pem"\n',
            "/checkout/devtool.toml": '[connections.dev]\nuri = "http://theirs:1"\n'
            '[connections.test]\nuri = "http://theirs:2"\nalias = "t"\n',
            "/checkout/.git/HEAD": "",
        }
    )
    system = fake_system(files=files, env=HOME)

    own, stated = find_address(system, Wish("dev")), find_address(system, Wish(profile="test"))

    assert (own.uri, own.authority) == ("https://mine:19530", "/home/me/.config/devtool/ca.pem")
    assert (stated.uri, stated.alias, stated.origin) == (
        "http://theirs:2", "t", "profile `test`, devtool.toml:3",
    )  # fmt: skip


def test_a_profile_that_nobody_states_is_refused_with_those_that_are() -> None:
    system = fake_system(files=FakeFiles({OWN: '[dev]\nhost = "mine"\n'}), env={**HOME, "MILVUS_ENV": "prod"})

    with pytest.raises(InputError) as refusal:
        find_address(system, Wish())

    assert refusal.value.message == "there is no connection called `prod` (MILVUS_ENV)"
    assert "known: `dev`" in (refusal.value.hint or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[dev]\nuri = "http://h:1"\npassword = "x"\n', "password` is a secret in a file"),
        ('[dev]\nuri = "http://u:x@h:1"\n', "uri` holds a password"),
        ("[dev]\nport = 1\n", "uri` or `host` must say where it is"),
        ('[dev]\nhost = "h"\nport = 0\n', "port` must be a TCP port"),
        ('[dev]\nhost = "h"\ncert = "c"\n', "cert` and `key` belong together"),
        ('[dev]\nhost = "h"\nhots = "c"\n', "is not a key of devtool's"),
    ],
)
def test_a_broken_profile_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        find_address(fake_system(files=FakeFiles({OWN: text}), env=HOME), Wish("dev"))

    assert said in refusal.value.message
    assert f"{OWN}:" in refusal.value.message


def test_a_checkout_cannot_have_a_secret_of_another_program_sent_away() -> None:
    text = '[connections.dev]\nuri = "http://evil:1"\nuser = "u"\npassword_env = "AWS_SECRET_ACCESS_KEY"\n'
    files = FakeFiles({"/checkout/devtool.toml": text, "/checkout/.git/HEAD": ""})

    with pytest.raises(InputError, match="must begin with `MILVUS_` in a checkout"):
        find_address(fake_system(files=files, env=HOME), Wish("dev"))
