"""L0: create, insert, flush, index, load, search, filter, query, delete, drop."""

import pytest
from dataset import CALL_SECONDS, DIMENSION, ROWS, ids, nearest
from pymilvus import utility

pytestmark = pytest.mark.L0


def test_a_collection_is_created_as_described(make):
    collection = make()

    fields = {field.name: field for field in collection.schema.fields}
    assert utility.has_collection(collection.name, timeout=CALL_SECONDS)
    assert list(fields) == ["id", "weight", "parity", "vector"]
    assert fields["id"].is_primary
    assert int(fields["vector"].params["dim"]) == DIMENSION


def test_inserted_rows_are_counted_after_a_flush(filled):
    assert filled.num_entities == ROWS


def test_an_index_is_described_as_it_was_created(filled):
    settings = filled.index(timeout=CALL_SECONDS).params

    assert (settings["index_type"], settings["metric_type"]) == ("FLAT", "L2")


def test_search_finds_the_nearest_neighbours_in_order(filled):
    found = nearest(filled, 10.2, 5)

    assert [key for key, _ in found] == [10, 11, 9, 12, 8]
    assert [distance for _, distance in found] == pytest.approx([0.04, 0.64, 1.44, 3.24, 4.84], abs=0.01)


def test_search_finds_a_row_at_distance_zero_from_itself(filled):
    assert nearest(filled, 33, 1) == [(33, 0.0)]


def test_search_keeps_to_the_filter(filled):
    assert [key for key, _ in nearest(filled, 10.2, 3, "parity == 'odd'")] == [11, 9, 13]
    assert [key for key, _ in nearest(filled, 10.2, 3, "weight >= 400")] == [40, 41, 42]


def test_search_gives_the_fields_that_were_asked_for(filled):
    found = filled.search(
        [[0.0] * DIMENSION],
        "vector",
        {"metric_type": "L2", "params": {}},
        1,
        output_fields=["weight", "parity"],
        timeout=CALL_SECONDS,
    )

    assert (found[0][0].entity.get("weight"), found[0][0].entity.get("parity")) == (0, "even")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("id in [3, 1, 48]", [1, 3, 48]),
        ("weight > 460 and parity == 'even'", [48]),
        ("id < 2 or id >= 48", [0, 1, 48, 49]),
        ("not (id >= 2)", [0, 1]),
        ("parity like 'od%' and id < 4", [1, 3]),
        ("id > 1000", []),
    ],
)
def test_query_keeps_to_the_filter(filled, expression, expected):
    found = filled.query(expression, output_fields=["id"], timeout=CALL_SECONDS)

    assert ids(found) == expected


def test_deleted_rows_are_not_found_again(writable):
    writable.delete("id in [10, 11]", timeout=CALL_SECONDS)

    assert ids(writable.query("id in [9, 10, 11, 12]", timeout=CALL_SECONDS)) == [9, 12]
    assert [key for key, _ in nearest(writable, 10.2, 3)] == [9, 12, 8]


def test_a_dropped_collection_is_gone(make):
    collection = make()

    collection.drop(timeout=CALL_SECONDS)

    assert not utility.has_collection(collection.name, timeout=CALL_SECONDS)
    assert collection.name not in utility.list_collections(timeout=CALL_SECONDS)
