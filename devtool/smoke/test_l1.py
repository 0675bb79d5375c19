"""L1: upsert, partitions, consistency, kinds of index, and what must be refused."""

import pytest
from dataset import CALL_SECONDS, DIMENSION, ROWS, ids, loaded, nearest, position, rows
from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, MilvusException, utility

pytestmark = pytest.mark.L1


def test_upsert_replaces_a_row_and_adds_another(writable):
    writable.upsert([[10, 500], [7, 8], ["new", "new"], [position(10), position(500)]], timeout=CALL_SECONDS)

    found = writable.query("parity == 'new'", output_fields=["id", "weight"], timeout=CALL_SECONDS)
    assert sorted((row["id"], row["weight"]) for row in found) == [(10, 7), (500, 8)]
    assert ids(writable.query("id == 10", timeout=CALL_SECONDS)) == [10]


def test_a_partition_holds_its_own_rows(make):
    collection = make()
    collection.create_partition("left", timeout=CALL_SECONDS)
    collection.create_partition("right", timeout=CALL_SECONDS)
    collection.insert(rows(range(5)), partition_name="left", timeout=CALL_SECONDS)
    collection.insert(rows(range(5, 10)), partition_name="right", timeout=CALL_SECONDS)
    loaded(collection)

    assert [key for key, _ in nearest(collection, 4.6, 3, partition_names=["left"])] == [4, 3, 2]
    assert [key for key, _ in nearest(collection, 4.6, 3)] == [5, 4, 6]
    found = collection.query("id >= 0", partition_names=["right"], timeout=CALL_SECONDS)
    assert ids(found) == [5, 6, 7, 8, 9]
    collection.release(timeout=CALL_SECONDS)
    collection.drop_partition("left", timeout=CALL_SECONDS)
    assert not collection.has_partition("left", timeout=CALL_SECONDS)


@pytest.mark.parametrize("level", ["Strong", "Session", "Bounded", "Eventually"])
def test_every_consistency_level_answers(filled, level):
    # What was flushed before loading is seen at any level.
    assert nearest(filled, 20, 1, consistency_level=level) == [(20, 0.0)]


def test_strong_consistency_sees_its_own_writes_at_once(writable):
    for number in range(100, 105):
        writable.insert(rows([number]), timeout=CALL_SECONDS)

        found = writable.query(f"id == {number}", consistency_level="Strong", timeout=CALL_SECONDS)
        assert ids(found) == [number]


@pytest.mark.parametrize(
    ("kind", "building", "searching"),
    [
        ("IVF_FLAT", {"nlist": 4}, {"nprobe": 4}),
        ("HNSW", {"M": 8, "efConstruction": 64}, {"ef": 64}),
    ],
)
def test_every_kind_of_index_finds_the_nearest(make, kind, building, searching):
    collection = make()
    collection.insert(rows(range(ROWS)), timeout=CALL_SECONDS)
    collection.flush(timeout=CALL_SECONDS)
    loaded(collection, kind, **building)

    found = nearest(collection, 25.3, 3, params=searching)

    assert [key for key, _ in found] == [25, 26, 24]


@pytest.mark.parametrize(("metric", "expected"), [("IP", 9), ("COSINE", 3)])
def test_each_metric_has_its_own_nearest(make, metric, expected):
    collection = make()
    vectors = [[1.0, 1.0], [3.0, 0.5], [9.0, 9.0]]
    padded = [vector + [0.0] * (DIMENSION - 2) for vector in vectors]
    collection.insert([[1, 3, 9], [0, 0, 0], ["", "", ""], padded], timeout=CALL_SECONDS)
    loaded(collection, metric=metric)

    found = collection.search(
        [[3.0, 0.4] + [0.0] * (DIMENSION - 2)],
        "vector",
        {"metric_type": metric, "params": {}},
        1,
        timeout=CALL_SECONDS,
    )

    assert found[0][0].id == expected


def test_many_vectors_are_searched_at_once(filled):
    wanted = [0, 17, 49]

    found = filled.search(
        [position(number) for number in wanted],
        "vector",
        {"metric_type": "L2", "params": {}},
        1,
        timeout=CALL_SECONDS,
    )

    assert [hits[0].id for hits in found] == wanted


def test_an_alias_leads_to_its_collection(filled):
    alias = filled.name + "_alias"
    utility.create_alias(filled.name, alias, timeout=CALL_SECONDS)
    try:
        assert nearest(Collection(alias), 5, 1) == [(5, 0.0)]
    finally:
        utility.drop_alias(alias, timeout=CALL_SECONDS)


def test_a_vector_of_the_wrong_dimension_is_refused(filled):
    columns = rows([100])
    columns[3] = [[1.0] * (DIMENSION + 1)]

    with pytest.raises(MilvusException, match=r"(?i)dim"):
        filled.insert(columns, timeout=CALL_SECONDS)

    assert ids(filled.query("id == 100", timeout=CALL_SECONDS)) == []


def test_a_search_with_the_wrong_dimension_is_refused(filled):
    with pytest.raises(MilvusException, match=r"(?i)dim|size|shape"):
        filled.search(
            [[1.0] * (DIMENSION + 1)], "vector", {"metric_type": "L2", "params": {}}, 1, timeout=CALL_SECONDS
        )


def test_a_missing_collection_is_refused():
    with pytest.raises(MilvusException, match=r"(?i)not exist|not found"):
        Collection("devtool_smoke_nowhere")


def test_a_second_collection_of_the_same_name_is_refused(make):
    collection = make()
    other = CollectionSchema(
        [
            FieldSchema("key", DataType.INT64, is_primary=True, auto_id=False),
            FieldSchema("vector", DataType.FLOAT_VECTOR, dim=2),
        ]
    )

    with pytest.raises(MilvusException, match=r"(?i)already exist|not the same"):
        Collection(collection.name, other, timeout=CALL_SECONDS)


@pytest.mark.parametrize("expression", ["weight >", "nothing == 1", "parity > 5"])
def test_a_bad_filter_is_refused(filled, expression):
    with pytest.raises(MilvusException, match=r"(?i)pars|plan|expr|field|filter|compar|type"):
        filled.query(expression, timeout=CALL_SECONDS)


def test_a_search_in_what_is_not_loaded_is_refused(strict, make):
    collection = make()
    collection.insert(rows(range(3)), timeout=CALL_SECONDS)
    collection.create_index(
        "vector", {"index_type": "FLAT", "metric_type": "L2", "params": {}}, timeout=CALL_SECONDS
    )

    with pytest.raises(MilvusException, match=r"(?i)not loaded|load"):
        nearest(collection, 1, 1)


def test_a_row_without_a_field_is_refused(filled):
    with pytest.raises(MilvusException):
        filled.insert(rows([100])[:3], timeout=CALL_SECONDS)


def test_an_unknown_kind_of_index_is_refused(strict, make):
    collection = make()

    with pytest.raises(MilvusException, match=r"(?i)index"):
        collection.create_index(
            "vector", {"index_type": "NOT_AN_INDEX", "metric_type": "L2", "params": {}}, timeout=CALL_SECONDS
        )
