from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.checks.resources import RESOURCE_CHECKS
from devtool.model.host import GIB, Host
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import fake_system
from tests.support.examining import LINUX, examined

CHECKS = {check.id: check for check in RESOURCE_CHECKS}
MILVUS = Needs("milvus", "/checkout", memory_bytes=8 * GIB, disk_bytes=50 * GIB)


def seen(check_id: str, host: Host, needs: Needs = MILVUS) -> Finding:
    return examined(CHECKS[check_id], fake_system(), needs, host)


def test_enough_memory_is_ok() -> None:
    finding = seen("memory", LINUX)

    assert (finding.severity, finding.summary) == ("ok", "16 GiB of memory, 8 GiB needed")


def test_a_machine_sold_with_the_needed_memory_is_ok_although_its_firmware_keeps_some() -> None:
    finding = seen("memory", replace(LINUX, memory_bytes=int(7.6 * GIB)))

    assert finding.severity == "ok"


def test_too_little_memory_is_a_failure_and_says_how_to_build_all_the_same() -> None:
    finding = seen("memory", replace(LINUX, memory_bytes=4 * GIB))

    assert finding.severity == "failure"
    assert finding.summary == (
        "4 GiB of memory, and milvus asks for 8 GiB: compilers are likely to be killed"
    )
    assert "jobs=1" in finding.remedies[0].summary


def test_a_control_groups_limit_counts_and_is_named() -> None:
    finding = seen("memory", replace(LINUX, memory_limit_bytes=2 * GIB))

    assert finding.severity == "failure"
    assert finding.summary.startswith("2 GiB of memory by the control group's limit")
    assert "memory limit" in finding.remedies[0].summary


def test_memory_that_cannot_be_told_is_unknown() -> None:
    assert seen("memory", replace(LINUX, memory_bytes=None)).severity == "unknown"


def test_enough_disk_space_is_ok() -> None:
    finding = seen("disk", LINUX)

    assert (finding.severity, finding.summary) == ("ok", "100 GiB free at `/checkout`, 50 GiB needed")


def test_too_little_disk_space_is_a_failure() -> None:
    finding = seen("disk", replace(LINUX, disk_free_bytes=12 * GIB))

    assert finding.severity == "failure"
    assert finding.summary == "12 GiB free at `/checkout`, and a whole build of milvus takes 50 GiB"


def test_disk_space_that_cannot_be_told_is_unknown() -> None:
    assert seen("disk", replace(LINUX, disk_free_bytes=None)).severity == "unknown"


@pytest.mark.parametrize("check_id", ["memory", "disk"])
def test_a_project_that_states_no_size_is_not_held_against_one(check_id: str) -> None:
    assert not CHECKS[check_id].applies(LINUX, Needs(None, None))


@pytest.mark.parametrize(("page", "severity"), [(4096, "ok"), (16384, "warning"), (65536, "warning")])
def test_large_pages_on_arm64_are_a_warning(page: int, severity: str) -> None:
    finding = seen("page-size", replace(LINUX, architecture="arm64", page_size_bytes=page))

    assert finding.severity == severity


def test_page_size_is_asked_only_where_kernels_differ() -> None:
    mac = replace(LINUX, os="macos", architecture="arm64", page_size_bytes=16384)

    assert not CHECKS["page-size"].applies(LINUX, MILVUS)
    assert not CHECKS["page-size"].applies(mac, MILVUS)
