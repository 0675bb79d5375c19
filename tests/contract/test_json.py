"""What programs may rely on: real output held against the schema of its command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devtool.render import render
from devtool.render.diagnosis import render as render_diagnosis
from devtool.requirements.needs import read_needs
from devtool.system import real_system
from devtool.workflows.examination import Selection, examine
from tests.fixtures.eras import ERAS
from tests.support.diagnoses import CONAN, SAMPLES, diagnosis
from tests.support.samples import EVERY_KIND, report

SCHEMAS = Path(__file__).parent / "schemas"
ROOT = Path(__file__).parents[2]


def held(name: str, document: str) -> Any:
    """The document, once the schema of that name accepts it."""
    data = json.loads(document)
    jsonschema.validate(data, json.loads((SCHEMAS / f"{name}.json").read_text()))
    return data


def test_a_report_of_every_kind_of_finding_keeps_its_schema() -> None:
    data = held("finding-report", render(report(*EVERY_KIND), "json"))

    assert {finding["severity"] for finding in data["findings"]} == {
        "ok",
        "warning",
        "failure",
        "unknown",
        "skipped",
    }


def test_the_report_of_this_machine_keeps_its_schema() -> None:
    system = real_system(str(ROOT))

    data = held("finding-report", render(examine(system, Selection(cached=False)), "json"))

    assert data["project"] == "devtool"
    assert len(data["findings"]) > 5


@pytest.mark.parametrize("era", sorted(ERAS))
def test_the_needs_of_every_era_keep_their_schema(era: str, tmp_path: Path) -> None:
    from devtool.render.requirements import requirements_json

    for path, text in ERAS[era].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / ".git").mkdir(exist_ok=True)

    data = held("requirements", requirements_json(read_needs(real_system(str(tmp_path)), str(tmp_path))))

    assert data["project"] == "milvus"
    assert len(data["requirements"]) == 19


@pytest.mark.parametrize("name", SAMPLES)
def test_a_diagnosis_of_every_kind_keeps_its_schema(name: str) -> None:
    data = held("diagnosis", render_diagnosis(SAMPLES[name], "json"))

    assert [finding["id"] for finding in data["findings"]] == [f.id for f in SAMPLES[name].findings]
    assert len(data["unrecognised"]) == len(SAMPLES[name].unrecognised)


def test_the_schema_of_a_diagnosis_refuses_two_root_causes() -> None:
    with pytest.raises(jsonschema.ValidationError):
        held("diagnosis", render_diagnosis(diagnosis(CONAN, CONAN), "json"))


def test_the_page_of_every_id_keeps_its_schema() -> None:
    from devtool.render.catalogue import render_explanation
    from devtool.workflows.explaining import page, topics

    system = real_system(str(ROOT))

    for topic in topics(system):
        data = held("explanation", render_explanation(page(system, topic.id), "json", 80))

        assert (data["kind"], data["id"], data["title"]) == (topic.kind, topic.id, topic.title)
