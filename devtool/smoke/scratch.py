"""Write to a scratch collection, read it back and remove it; one JSON line a step.

With `sweep` as its argument it only removes what an earlier run of the same name left.
"""

import json
import os
import sys
import time

from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, connections, utility

NAME = os.environ["SCRATCH_NAME"]
SECONDS = 15


def connect():
    """The one connection, as the surroundings say."""
    names = (
        "uri",
        "token",
        "db_name",
        "server_pem_path",
        "client_pem_path",
        "client_key_path",
        "server_name",
    )
    given = {name: os.environ.get("SCRATCH_" + name.upper()) for name in names}
    options = {name: value for name, value in given.items() if value}
    if options.get("uri", "").startswith("https:"):
        options["secure"] = True
        if "client_pem_path" in options:  # mutual TLS takes the authority under another name
            options["ca_pem_path"] = options.pop("server_pem_path", "")
    connections.connect("default", timeout=SECONDS, **options)


def create():
    """An empty collection of our own."""
    fields = [
        FieldSchema("id", DataType.INT64, is_primary=True, auto_id=False),
        FieldSchema("vector", DataType.FLOAT_VECTOR, dim=2),
    ]
    Collection(NAME, CollectionSchema(fields), consistency_level="Strong", timeout=SECONDS)


def write():
    """Three rows."""
    count = (
        Collection(NAME)
        .insert([[1, 2, 3], [[0.0, 0.0], [1.0, 0.0], [5.0, 0.0]]], timeout=SECONDS)
        .insert_count
    )
    assert count == 3, f"3 rows were sent, {count} arrived"


def read():
    """The nearest of them."""
    collection = Collection(NAME)
    settings = {"metric_type": "L2", "index_type": "FLAT", "params": {}}
    collection.create_index("vector", settings, timeout=SECONDS)
    collection.load(timeout=SECONDS)
    found = collection.search([[4.0, 0.0]], "vector", {"metric_type": "L2", "params": {}}, 1, timeout=SECONDS)
    assert [hit.id for hit in found[0]] == [3], "the nearest row was not found"


def remove():
    """What we made, if it is there."""
    if utility.has_collection(NAME, timeout=SECONDS):
        utility.drop_collection(NAME, timeout=SECONDS)


def say(fact):
    """One line of JSON, at once."""
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def step(work):
    """Do it and say how long it took."""
    begun = time.monotonic()
    work()
    say({"step": work.__name__, "seconds": time.monotonic() - begun})


def main():
    """All steps; what was made is removed whatever happens."""
    step(connect)
    if sys.argv[1:] == ["sweep"]:
        return remove()
    try:
        for work in (create, write, read):
            step(work)
    finally:
        step(remove)
    return None


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # a person reads the reason, in one line
        say({"error": " ".join(str(error).split())[:300]})
        sys.exit(1)
