from __future__ import annotations

import pytest

from devtool.checks.network import NETWORK_CHECKS
from devtool.model.remedy import AppendLine
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system.network import Contact
from tests.support import FakeFiles, FakeNetwork, fake_system
from tests.support.examining import LINUX, examined

PROXY, NO_PROXY = NETWORK_CHECKS
NOWHERE = Needs(None, None)
ALIVE = FakeNetwork(open={("proxy.corp", 3128)})


class Silent(FakeNetwork):
    def contact(self, host: str, port: int, timeout_seconds: float) -> Contact:
        return "timed-out"


def proxy(network: FakeNetwork = ALIVE, **env: str) -> Finding:
    return examined(PROXY, fake_system(network=network, env={"HOME": "/home/me", **env}), NOWHERE)


def no_proxy(files: FakeFiles | None = None, **env: str) -> Finding:
    return examined(NO_PROXY, fake_system(files=files, env={"HOME": "/home/me", **env}), NOWHERE)


def test_no_proxy_at_all_is_ok() -> None:
    assert (proxy().severity, proxy(http_proxy=" ").severity) == ("ok", "ok")


def test_a_proxy_that_accepts_connections_is_ok() -> None:
    finding = proxy(http_proxy="http://proxy.corp:3128", HTTPS_PROXY="proxy.corp:3128/")

    assert finding.severity == "ok"
    assert finding.summary == "proxy.corp:3128 accepts connections (http_proxy, HTTPS_PROXY)"


def test_a_dead_proxy_is_a_failure_that_names_the_variables() -> None:
    finding = proxy(http_proxy="http://127.0.0.1:7890", https_proxy="http://127.0.0.1:7890")

    assert finding.severity == "failure"
    assert finding.summary == (
        "a proxy is set and 127.0.0.1:7890 (http_proxy, https_proxy) refuses: "
        "every download goes there and fails"
    )
    assert "`unset http_proxy https_proxy`" in finding.remedies[0].summary


def test_a_proxy_that_never_answers_is_a_failure() -> None:
    finding = proxy(Silent(), https_proxy="http://10.0.0.1:3128")

    assert finding.severity == "failure"
    assert "10.0.0.1:3128 (https_proxy) does not answer" in finding.summary


@pytest.mark.parametrize("value", ["http://proxy:port", "http://", "http://[::1"])
def test_a_value_that_is_no_address_is_unknown(value: str) -> None:
    assert proxy(http_proxy=value).severity == "unknown"


@pytest.mark.parametrize(
    "value", ["http://me:s3cret@127.0.0.1:9", "me:s3cret@127.0.0.1:9", "me:s3cret@x:port"]
)
def test_a_password_in_a_proxy_is_never_shown(value: str) -> None:
    assert "s3cret" not in repr(proxy(http_proxy=value))
    assert "s3cret" not in repr(no_proxy(http_proxy=value))


@pytest.mark.parametrize(
    ("value", "port"), [("http://h", 80), ("https://h", 443), ("socks5h://h", 1080), ("h", 80)]
)
def test_a_proxy_without_a_port_has_the_one_of_its_scheme(value: str, port: int) -> None:
    assert proxy(FakeNetwork(open={("h", port)}), all_proxy=value).severity == "ok"


def test_without_a_proxy_own_servers_are_safe() -> None:
    assert no_proxy().severity == "ok"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "all_proxy"])
def test_variables_that_grpc_does_not_follow_do_no_harm(name: str) -> None:
    assert no_proxy(**{name: "http://proxy.corp:3128"}).severity == "ok"


def test_an_address_without_a_scheme_is_ignored_by_grpc() -> None:
    assert no_proxy(http_proxy="proxy.corp:3128").severity == "ok"


@pytest.mark.parametrize(
    "exceptions", ["localhost,127.0.0.1", " localhost , 127.0.0.0/8 ", ".corp,localhost,.0.0.1"]
)
def test_exceptions_for_this_machine_are_ok(exceptions: str) -> None:
    assert no_proxy(http_proxy="http://proxy.corp:3128", no_proxy=exceptions).severity == "ok"


@pytest.mark.parametrize("exceptions", ["", "*", ".corp", "10.0.0.0/8,nonsense/x"])
def test_a_proxy_without_exceptions_is_a_warning_with_the_line_for_the_shell(exceptions: str) -> None:
    finding = no_proxy(http_proxy="http://proxy.corp:3128", no_proxy=exceptions)

    assert finding.severity == "warning"
    assert finding.summary.startswith("`http_proxy` is set and `no_proxy` lacks localhost and 127.0.0.1")
    assert finding.remedies[0].actions == (
        AppendLine(
            "/home/me/.bashrc",
            'export no_proxy="localhost,127.0.0.1${no_proxy:+,$no_proxy}"',
            "pymilvus sends even 127.0.0.1 to the proxy otherwise",
        ),
    )


def test_only_what_is_missing_is_added() -> None:
    finding = no_proxy(https_proxy="http://proxy.corp:3128", no_proxy="localhost", NO_PROXY="127.0.0.1")

    assert "`no_proxy` lacks 127.0.0.1:" in finding.summary


def test_the_variable_that_grpc_prefers_is_the_one_held_against() -> None:
    finding = no_proxy(http_proxy="http://p:1", no_grpc_proxy="localhost,127.0.0.1", no_proxy="")

    assert finding.severity == "ok"


def test_a_line_that_waits_for_a_new_terminal_is_not_added_twice() -> None:
    line = 'export no_proxy="localhost,127.0.0.1${no_proxy:+,$no_proxy}"'

    finding = no_proxy(FakeFiles({"/home/me/.bashrc": f"{line}\n"}), http_proxy="http://p:1")

    assert (finding.severity, finding.remedies) == ("warning", ())
    assert finding.summary.endswith("`/home/me/.bashrc` has the line: open a new terminal")


def test_without_a_home_the_cure_is_told() -> None:
    from dataclasses import replace

    system = fake_system(env={"http_proxy": "http://p:1"})

    finding = examined(NO_PROXY, system, NOWHERE, replace(LINUX, home=None))

    assert finding.remedies[0].summary == "add localhost,127.0.0.1 to `no_proxy`"
