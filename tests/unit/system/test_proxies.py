"""Which proxy a request goes through, by the environment alone."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.system.proxies import HttpProxy, proxy_for

PROXY = HttpProxy("proxy.example", 3128)
SET = "http://proxy.example:3128"


def chosen(env: dict[str, str], host: str = "go.dev", port: int = 443, scheme: str = "https") -> object:
    return proxy_for(scheme, host, port, env)


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("value", [SET, "proxy.example:3128", f" {SET}/ "])
def test_either_case_names_a_proxy_with_or_without_its_scheme(variable: str, value: str) -> None:
    assert chosen({variable: value}) == PROXY


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"http_proxy": SET},
        {"https_proxy": ""},
        {"https_proxy": "", "HTTPS_PROXY": SET},  # the lower case is there, and says none
        {"https_proxy": "", "all_proxy": SET},
    ],
)
def test_what_names_none_for_https_means_none(env: dict[str, str]) -> None:
    assert chosen(env) is None


def test_the_lower_case_goes_before_the_upper_and_both_before_all() -> None:
    env = {"https_proxy": SET, "HTTPS_PROXY": "http://other:1", "all_proxy": "http://third:2"}

    assert chosen(env) == PROXY


@pytest.mark.parametrize(
    ("exceptions", "host", "port"),
    [
        ("*", "go.dev", 443),
        ("go.dev", "go.dev", 443),
        ("GO.dev", "go.DEV", 443),
        ("a.example, go.dev", "go.dev", 443),
        ("a.example go.dev", "go.dev", 443),
        ("go.dev", "dl.go.dev", 443),
        (".go.dev", "dl.go.dev", 443),
        ("*.go.dev", "dl.go.dev", 443),
        ("go.dev:443", "go.dev", 443),
        ("10.0.0.0/8", "10.1.2.3", 443),
        ("10.1.2.3/8", "10.9.9.9", 443),
        ("fd00::/8", "fd00::1", 443),
        ("::1", "::1", 443),
        ("[::1]:8080", "::1", 8080),
    ],
)
def test_an_exception_covers_the_host_its_subdomains_and_its_network(
    exceptions: str, host: str, port: int
) -> None:
    assert chosen({"https_proxy": SET, "NO_PROXY": exceptions}, host, port) is None


@pytest.mark.parametrize(
    ("exceptions", "host"),
    [
        ("", "go.dev"),
        (",,", "go.dev"),
        ("o.dev", "go.dev"),
        ("go.dev:80", "go.dev"),
        ("10.0.0.0/8", "11.0.0.1"),
        ("10.0.0.0/8", "go.dev"),
        ("nonsense/8", "go.dev"),
        ("dl.go.dev", "go.dev"),
    ],
)
def test_an_exception_covers_nothing_else(exceptions: str, host: str) -> None:
    assert chosen({"https_proxy": SET, "no_proxy": exceptions}, host) == PROXY


def test_a_login_is_kept_out_of_the_name() -> None:
    proxy = proxy_for("https", "go.dev", 443, {"https_proxy": "http://me:p%40ss@proxy.example"})

    assert proxy is not None
    assert proxy.place == "proxy.example:80"
    assert proxy.headers == {"Proxy-Authorization": "Basic bWU6cEBzcw=="}


@pytest.mark.parametrize(
    "value",
    ["socks5://127.0.0.1:1080", "https://proxy.example", "http://:80", "ftp://x", "http://[::1", "h:port"],
)
def test_a_proxy_of_another_kind_is_bad_input_that_names_the_variable(value: str) -> None:
    with pytest.raises(InputError, match="`https_proxy` names a proxy that devtool cannot speak to"):
        chosen({"https_proxy": value})
