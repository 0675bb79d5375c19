"""What programs may rely on in `devtool container ps --format json`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from devtool.model.listing import Listing, Row
from devtool.render.listing import render_json, render_text
from tests.support.containers import container

SCHEMA = json.loads((Path(__file__).parent / "schemas/container-list.json").read_text())


def test_the_list_keeps_its_schema_and_says_what_the_text_says() -> None:
    rows = (Row("builder", container(), main=True, older=("older",)), Row("etcd", container("etcd"), False))
    listing = Listing("/checkout", "milvus", rows)

    data = json.loads(render_json(listing))

    jsonschema.validate(data, SCHEMA)
    text = render_text(listing)
    assert all(each["name"] in text and each["state"] in text for each in data["containers"])


def test_an_empty_list_keeps_it_too() -> None:
    jsonschema.validate(json.loads(render_json(Listing("/checkout", "milvus", ()))), SCHEMA)
