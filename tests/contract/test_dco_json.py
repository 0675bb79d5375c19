"""What programs may rely on in `devtool dco check --format json`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from devtool.model.commit import RULES, RuleId
from devtool.model.dco import SignOffReport
from devtool.render.dco import render
from tests.unit.render.test_dco_forms import CLEAN, REPORT

SCHEMA = json.loads((Path(__file__).parent / "schemas/dco.json").read_text())


@pytest.mark.parametrize(
    "report",
    [REPORT, CLEAN, replace(CLEAN, range=replace(CLEAN.range, base=None))],
    ids=["bad", "good", "whole"],
)
def test_a_report_of_sign_offs_keeps_its_schema(report: SignOffReport) -> None:
    data = json.loads(render(report, "json"))

    jsonschema.validate(data, SCHEMA)
    assert data["ok"] == (not data["violations"])
    assert [each["commit"] for each in data["violations"]] == [each.commit for each in report.violations]


def test_every_rule_is_in_the_schema() -> None:
    listed = SCHEMA["properties"]["violations"]["items"]["properties"]["rule"]["enum"]

    assert tuple(listed) == RULES == get_args(RuleId)
