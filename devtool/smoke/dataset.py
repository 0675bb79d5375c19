"""The rows every test works on, whose nearest neighbours are known, and the calls to look for them."""

from pymilvus import CollectionSchema, DataType, FieldSchema

DIMENSION = 8
ROWS = 50
CALL_SECONDS = 60


def position(number):
    """The vector of row `number`: rows lie on a line, so distance is the difference of numbers."""
    return [float(number)] + [0.0] * (DIMENSION - 1)


def rows(numbers):
    """Columns for the rows with these numbers."""
    numbers = list(numbers)
    return [
        numbers,
        [number * 10 for number in numbers],
        ["odd" if number % 2 else "even" for number in numbers],
        [position(number) for number in numbers],
    ]


def schema():
    """Key, number, word and vector."""
    return CollectionSchema(
        [
            FieldSchema("id", DataType.INT64, is_primary=True, auto_id=False),
            FieldSchema("weight", DataType.INT64),
            FieldSchema("parity", DataType.VARCHAR, max_length=16),
            FieldSchema("vector", DataType.FLOAT_VECTOR, dim=DIMENSION),
        ]
    )


def loaded(collection, kind="FLAT", metric="L2", **params):
    """The collection, indexed and loaded."""
    settings = {"index_type": kind, "metric_type": metric, "params": params}
    collection.create_index("vector", settings, timeout=CALL_SECONDS)
    collection.load(timeout=CALL_SECONDS)
    return collection


def ids(found):
    """Primary keys of a query's rows, sorted."""
    return sorted(row["id"] for row in found)


def nearest(collection, number, limit, expression=None, **options):
    """Primary keys and distances of the rows nearest to row `number`, nearest first."""
    settings = {"metric_type": "L2", "params": options.pop("params", {})}
    options.setdefault("timeout", CALL_SECONDS)
    found = collection.search([position(number)], "vector", settings, limit, expression, **options)
    return [(hit.id, round(hit.distance, 3)) for hit in found[0]]
