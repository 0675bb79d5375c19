from __future__ import annotations

import pytest

from devtool.adapters.junit import read_junit
from devtool.errors import DevtoolError
from devtool.model.testing import TestCase

REPORT = b"""<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="test_l0" name="test_a" time="1.5"/>
<testcase classname="smoke.test_l1" name="test_b[x]" time="0.25">
<failure message="assert 1\n == 2">long</failure></testcase>
<testcase classname="test_l1" name="test_c" time="0"><skipped message="lite"/></testcase>
<testcase classname="test_l1" name="test_d" time="1"/>
<testcase classname="test_l1" name="test_d" time="1"><error message="teardown"/></testcase>
</testsuite></testsuites>"""


def test_every_test_is_read_once_with_its_reason() -> None:
    assert read_junit(REPORT) == (
        TestCase("L0", "test_a", "passed", 1.5),
        TestCase("L1", "test_b[x]", "failed", 0.25, "assert 1 == 2"),
        TestCase("L1", "test_c", "skipped", 0.0, "lite"),
        TestCase("L1", "test_d", "error", 1.0, "teardown"),
    )


@pytest.mark.parametrize("content", [b"", b"<testsuites>", b"<!DOCTYPE x><a/>"])
def test_what_pytest_did_not_write_is_refused(content: bytes) -> None:
    with pytest.raises(DevtoolError):
        read_junit(content)
