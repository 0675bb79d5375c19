from __future__ import annotations

from dataclasses import replace

from devtool.checks.ports import PORT_CHECKS
from devtool.model.requirement import Needs
from devtool.system.network import Listener
from tests.support import FakeNetwork, fake_system
from tests.support.examining import LINUX, examined

(PORTS,) = PORT_CHECKS
NOWHERE = Needs(None, None)


def test_free_ports_are_ok_and_without_a_project_they_are_milvus_own() -> None:
    finding = examined(PORTS, fake_system(), NOWHERE)

    assert (finding.severity, finding.summary) == ("ok", "ports 19530, 9091, 2379, 9000 are free")


def test_a_project_says_which_ports_it_wants() -> None:
    network = FakeNetwork(listening={9000: Listener(9000, 7, "minio")})

    finding = examined(PORTS, fake_system(network=network), Needs("other", "/checkout", ports=(8080,)))

    assert (finding.severity, finding.summary) == ("ok", "port 8080 is free")


def test_a_taken_port_is_a_warning_that_names_who_holds_it() -> None:
    network = FakeNetwork(listening={9000: Listener(9000, 7, "php-fpm"), 2379: Listener(2379, 41, "etcd")})

    finding = examined(PORTS, fake_system(network=network), NOWHERE)

    assert finding.severity == "warning"
    assert finding.summary == "port 2379 in use by `etcd` (pid 41); port 9000 in use by `php-fpm` (pid 7)"
    assert "`ps -o pid,user,args -p 7,41`" in finding.remedies[0].summary


def test_ports_that_one_process_holds_are_told_together() -> None:
    held = {port: Listener(port, 41, "milvus") for port in (19530, 9091)}

    finding = examined(PORTS, fake_system(network=FakeNetwork(listening=held)), NOWHERE)

    assert finding.summary == "ports 19530, 9091 in use by `milvus` (pid 41)"


def test_a_listener_of_somebody_else_is_named_as_such() -> None:
    network = FakeNetwork(listening={19530: Listener(19530, None, None)})

    finding = examined(PORTS, fake_system(network=network), NOWHERE)
    on_mac = examined(PORTS, fake_system(network=network), NOWHERE, replace(LINUX, os="macos"))

    assert finding.summary == "port 19530 in use by a process of somebody else"
    assert "`sudo ss -lntp 'sport = :19530'`" in finding.remedies[0].summary
    assert "`sudo lsof -nP -iTCP:19530 -sTCP:LISTEN`" in on_mac.remedies[0].summary
