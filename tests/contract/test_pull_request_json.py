"""What programs may rely on in `devtool pr check` and `devtool contribute` as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devtool.model.contribution import SKILLS
from devtool.model.pull_request import RULES, PullRequestReport
from devtool.render.contribution import render_offer
from devtool.render.pull_request import render
from devtool.workflows.offering import offer
from tests.unit.render.test_pull_request_forms import CLEAN, REPORT, UNTOLD


def schema(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"schemas/{name}.json").read_text())


@pytest.mark.parametrize("report", [REPORT, CLEAN, UNTOLD], ids=["broken", "clean", "untold"])
def test_a_report_of_a_pull_request_keeps_its_schema(report: PullRequestReport) -> None:
    data = json.loads(render(report, "json"))

    jsonschema.validate(data, schema("pull-request"))
    assert data["ok"] == (report.exit_status == 0)


def test_every_rule_is_in_the_schema() -> None:
    found = schema("pull-request")["properties"]["findings"]["items"]["properties"]["rule"]["enum"]

    assert tuple(found) == RULES


@pytest.mark.parametrize("skill", [None, *SKILLS])
def test_an_offer_keeps_its_schema(skill: str | None) -> None:
    jsonschema.validate(json.loads(render_offer(offer(skill), "json")), schema("contribute"))


def test_every_skill_is_in_the_schema() -> None:
    found = schema("contribute")

    assert tuple(found["$defs"]["skill"]["enum"]) == SKILLS
