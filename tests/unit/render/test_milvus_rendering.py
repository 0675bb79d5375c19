"""Deployments and test runs as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from devtool.model.deployment import Deployment
from devtool.model.testing import TestCase, TestResult
from devtool.render import deployment as deployments
from devtool.render import testing

RUNNING = Deployment(
    "default",
    "embedded",
    "running",
    "http://127.0.0.1:19530",
    "http://127.0.0.1:9091",
    "/d",
    "/l",
    7,
    "2.3.5",
)
RESULT = TestResult(
    "http://h:1",
    "v2.3.5-lite",
    "pymilvus 2.3.7",
    "L1",
    (
        TestCase("L0", "test_a_row_is_found", "passed", 1.5),
        TestCase("L1", "test_a_bad_filter_is_refused[x]", "failed", 0.5, "did not raise\x1b[31m"),
        TestCase("L1", "test_more", "skipped", 0.0, "not here"),
    ),
    2.25,
)


def test_a_running_server_shows_where_its_things_lie() -> None:
    assert deployments.render_text((RUNNING,)) == (
        "default: running (Milvus 2.3.5, embedded, process 7)\n"
        "  uri     http://127.0.0.1:19530\n"
        "  health  http://127.0.0.1:9091/healthz\n"
        "  data    /d\n"
        "  log     /l"
    )


def test_a_killed_server_shows_no_address_and_what_to_do() -> None:
    assert deployments.render_text((replace(RUNNING, state="killed"),)) == (
        "default: killed (Milvus 2.3.5, embedded)\n"
        "  data    /d\n"
        "  log     /l\n"
        "  means   it ended without `devtool deploy down`; `devtool deploy up` starts it again on its data"
    )


def test_no_deployment_names_the_command_that_makes_one() -> None:
    assert deployments.render_text(()) == "no Milvus was started here; `devtool deploy up` starts one"


def test_the_json_of_deployments_carries_every_field() -> None:
    assert json.loads(deployments.render_json((RUNNING,))) == {
        "schema": 1,
        "deployments": [
            {
                "name": "default",
                "mode": "embedded",
                "state": "running",
                "uri": "http://127.0.0.1:19530",
                "metrics": "http://127.0.0.1:9091",
                "data": "/d",
                "logs": "/l",
                "pid": 7,
                "version": "2.3.5",
            }
        ],
    }


def test_a_run_shows_what_failed_then_a_line_a_level_then_the_verdict() -> None:
    assert testing.render_text(RESULT) == (
        "FAIL  L1 a bad filter is refused [x]\n"
        "      did not raise\\x1b[31m\n"
        "skip  L1 more\n"
        "      not here\n"
        "\n"
        "level  passed failed skipped     time\n"
        "L0          1      0       0    1.5 s\n"
        "L1          0      1       1    0.5 s\n"
        "\n"
        "failed: 1 of 3 tests in 2 s against http://h:1 (Milvus v2.3.5-lite, pymilvus 2.3.7)"
    )


def test_tests_that_failed_alike_share_one_reason() -> None:
    cases = tuple(TestCase("L0", f"test_{n}", "error", 0.0, "refused") for n in range(9))

    text = testing.render_text(replace(RESULT, cases=cases))

    assert text.startswith("FAIL  L0 0\nFAIL  L0 1\nFAIL  L0 2\n      and 6 more\n      refused\n\n")


def test_a_run_that_tested_nothing_did_not_pass() -> None:
    empty = replace(RESULT, cases=())

    assert (empty.passed, empty.exit_status) == (False, 1)
    assert "failed: no test ran" in testing.render_text(empty)


def test_the_json_of_a_run_agrees_with_the_text() -> None:
    data = json.loads(testing.render_json(RESULT))

    assert (data["schema"], data["passed"]) == (1, False)
    assert data["counts"] == {"passed": 1, "failed": 1, "skipped": 1}
    assert [case["outcome"] for case in data["cases"]] == ["passed", "failed", "skipped"]
